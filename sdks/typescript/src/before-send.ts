import type { Activity, NewActivity } from "./activity.js";
import { handled, isPromise } from "./callback.js";
import { LivetrailError } from "./errors.js";
import type { Redaction } from "./redact/redaction.js";
import { type Encoded, encode } from "./shape/encode.js";

/** An activity as it is about to be sent: redacted, under the names of the log. */
export type OutgoingActivity = Activity & { id: string; timestamp: string | number };

/** Gives the activity that is sent instead, or null to send none. */
export type BeforeSend = (activity: OutgoingActivity) => Activity | null;

/** Encodes an activity as the hook wants it: null where it wants none. Throws a [`LivetrailError`] `invalid`. */
export function encodeBy(
  beforeSend: BeforeSend | undefined,
  activity: NewActivity,
  now: number,
  redaction: Redaction,
): Encoded | null {
  const encoded = encode(activity, now, redaction);
  if (!beforeSend) return encoded;
  const wanted = ask(beforeSend, JSON.parse(encoded.json) as OutgoingActivity);
  // Once more, since what the hook adds may be too long, or secret.
  return wanted === null ? null : encode(wanted, now, redaction);
}

/** A hook that fails may have been about to remove what must not be sent, so that nothing is. */
function ask(beforeSend: BeforeSend, activity: OutgoingActivity): Activity | null {
  let wanted: Activity | null;
  try {
    wanted = beforeSend(activity);
  } catch (cause) {
    throw new LivetrailError("invalid", "beforeSend failed: the activity is not sent", { cause });
  }
  if (isPromise(handled(wanted)))
    throw new LivetrailError(
      "invalid",
      "beforeSend returned a promise, which is too late: the activity is not sent",
    );
  if (typeof wanted === "object") return wanted;
  throw new LivetrailError(
    "invalid",
    "beforeSend has to return an activity or null: the activity is not sent",
  );
}
