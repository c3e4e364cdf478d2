/**
 * The end of a Node process. Nothing keeps it alive for what waits to be sent, so that is sent in a bounded time when the
 * process ends by itself or by a signal. Each loss is reported, also that by `process.exit()`, which waits for nothing.
 */
import { nodeProcess } from "../runtime.js";

interface Leaver {
  /** Sends what waits, for so long at most, and says what is lost. */
  leave(timeoutMs: number): Promise<void>;
  /** Says what is lost if the process ends now. */
  tellLost(): void;
}

interface Unsent {
  /** Each with whether it was asked to leave: `beforeExit` comes again after what it began has ended. */
  outboxes: Map<Leaver, boolean>;
  listening: boolean;
  /** A signal is about to end the process, so that its default action must not be replaced again. */
  ending: boolean;
}

const EXIT_MS = 2_000;
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Copies of this module share it: two that each wait for the other's listener would never let the process end. */
const PLACE = Symbol.for("livetrail.unsent");
const shared = globalThis as { [PLACE]?: Unsent };
shared[PLACE] ??= { outboxes: new Map(), listening: false, ending: false };
const unsent = shared[PLACE];

/** Sends what this one holds before the process ends. */
export function keepUntilSent(outbox: Leaver): void {
  unsent.outboxes.set(outbox, false);
  const process = nodeProcess();
  if (unsent.listening || unsent.ending || !process) return;
  unsent.listening = true;
  process.on("beforeExit", leaveAll);
  process.on("exit", tellAll);
  // Before the application's own, which may count the listeners to find out whether it has to end the process.
  for (const signal of SIGNALS) process.prependListener(signal, endBy);
}

/** It holds nothing any more. */
export function letGo(outbox: Leaver): void {
  unsent.outboxes.delete(outbox);
  if (unsent.outboxes.size === 0) stopListening();
}

/** Without listeners of ours, a signal does what it does without this package. */
function stopListening(): void {
  const process = nodeProcess();
  if (!unsent.listening || !process) return;
  unsent.listening = false;
  process.removeListener("beforeExit", leaveAll);
  process.removeListener("exit", tellAll);
  for (const signal of SIGNALS) process.removeListener(signal, endBy);
}

async function leaveAll(): Promise<void> {
  const asked = [...unsent.outboxes].filter(([, wasAsked]) => !wasAsked).map(([outbox]) => outbox);
  for (const outbox of asked) unsent.outboxes.set(outbox, true);
  await Promise.all(asked.map((outbox) => outbox.leave(EXIT_MS)));
}

function tellAll(): void {
  for (const outbox of unsent.outboxes.keys()) outbox.tellLost();
}

/** An application that has a listener of its own decides when the process ends. Otherwise the signal comes again. */
function endBy(signal: string): void {
  const process = nodeProcess();
  if (!process) return;
  for (const name of SIGNALS) process.removeListener(name, endBy);
  const isOurs = process.listenerCount(signal) === 0;
  unsent.ending = isOurs;
  void leaveAll().then(() => {
    if (isOurs) process.kill(process.pid, signal);
    // As the first process of a container, this one is still alive: the kernel ignores the signal.
    unsent.ending = false;
  });
}
