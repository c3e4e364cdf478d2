/** A client for the whole process, made from the environment when it is first used. */
import type { NewActivity } from "./activity.js";
import { Livetrail } from "./client.js";
import type { LivetrailOptions } from "./options.js";
import type { Receipt } from "./send/item.js";
import type { UserNames } from "./shape/user.js";

/** Bundles of one process may each have a copy of this module; they share the client all the same. */
const PLACE = Symbol.for("livetrail.client");
const shared = globalThis as { [PLACE]?: Livetrail };

/** The client that the functions below use. */
export function livetrail(): Livetrail {
  shared[PLACE] ??= new Livetrail();
  return shared[PLACE];
}

/** Makes the shared client anew, with these options. What the former one holds is still sent. */
export function configure(options: LivetrailOptions): Livetrail {
  shared[PLACE] = new Livetrail(options);
  return shared[PLACE];
}

/** A client of its own; the functions below do not use it. */
export function createClient(options?: LivetrailOptions): Livetrail {
  return new Livetrail(options);
}

/** Queues an activity. Never throws, never rejects, and never waits for the network. */
export function logActivity(activity: NewActivity): Promise<void> {
  return livetrail().logActivity(activity);
}

/** Queues an activity. Returns at once and never throws. */
export function record(activity: NewActivity): void {
  livetrail().record(activity);
}

/** Resolves when the activity is in the log for good; see [`Livetrail.recordDurably`]. */
export function recordDurably(activity: NewActivity, options?: { timeoutMs?: number }): Promise<Receipt> {
  return livetrail().recordDurably(activity, options);
}

/** Tells the directory of users what lists should show for an id. */
export function putUser(id: string | number | bigint, names: UserNames): void {
  livetrail().putUser(id, names);
}

/** Waits until what was recorded before is in the log; false if that takes longer, or something is lost. */
export function flush(timeoutMs?: number): Promise<boolean> {
  return livetrail().flush(timeoutMs);
}
