/**
 * The end of a Node process. Nothing keeps it alive for what waits to be sent, so that is sent in a bounded time when
 * the process ends by itself or by a signal. Each loss is reported, also that by `process.exit()`, which waits for
 * nothing.
 */
import { nodeProcess } from "../runtime.js";

interface Leaver {
  /** Sends what waits, for so long at most, and says what is lost. */
  leave(timeoutMs: number): Promise<void>;
  /** Says what is lost if the process ends now. */
  tellLost(): void;
  /** Sends what waits, for so long at most, and says nothing. */
  drain(timeoutMs: number): Promise<void>;
}

const EXIT_MS = 2_000;
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

class ProcessEnd {
  /** Each with whether it was asked to leave: `beforeExit` comes again after what it began has ended. */
  readonly #outboxes = new Map<Leaver, boolean>();
  #listening = false;
  /** A signal is about to end the process, so that its default action must not be replaced again. */
  #ending = false;

  /** Sends what this one holds before the process ends. */
  keepUntilSent(outbox: Leaver): void {
    this.#outboxes.set(outbox, false);
    const process = nodeProcess();
    if (this.#listening || this.#ending || !process) return;
    this.#listening = true;
    process.on("beforeExit", this.#leaveAll);
    process.on("exit", this.#tellAll);
    // Before the application's own, which may count the listeners to find out whether it has to end the process.
    for (const signal of SIGNALS) process.prependListener(signal, this.#endBy);
  }

  /** It holds nothing any more. */
  letGo(outbox: Leaver): void {
    this.#outboxes.delete(outbox);
    if (this.#outboxes.size === 0) this.#stopListening();
  }

  /** Without listeners of ours, a signal does what it does without this package. */
  #stopListening(): void {
    const process = nodeProcess();
    if (!this.#listening || !process) return;
    this.#listening = false;
    process.removeListener("beforeExit", this.#leaveAll);
    process.removeListener("exit", this.#tellAll);
    for (const signal of SIGNALS) process.removeListener(signal, this.#endBy);
  }

  readonly #leaveAll = async (): Promise<void> => {
    const asked = [...this.#outboxes].filter(([, wasAsked]) => !wasAsked).map(([outbox]) => outbox);
    for (const outbox of asked) this.#outboxes.set(outbox, true);
    await Promise.all(asked.map((outbox) => outbox.leave(EXIT_MS)));
  };

  readonly #tellAll = (): void => {
    for (const outbox of this.#outboxes.keys()) outbox.tellLost();
  };

  /** An application that has a listener of its own decides when the process ends. Otherwise the signal comes again. */
  readonly #endBy = (signal: string): void => {
    const process = nodeProcess();
    if (!process) return;
    for (const name of SIGNALS) process.removeListener(name, this.#endBy);
    if (process.listenerCount(signal) > 0) {
      for (const outbox of this.#outboxes.keys()) void outbox.drain(EXIT_MS);
      return;
    }
    this.#ending = true;
    void this.#leaveAll().then(() => {
      process.kill(process.pid, signal);
      // As the first process of a container, this one is still alive: the kernel ignores the signal.
      this.#ending = false;
    });
  };
}

/** Copies of this module share it: two that each wait for the other's listener would never let the process end. */
const PLACE = Symbol.for("livetrail.process-end");
const shared = globalThis as { [PLACE]?: Pick<ProcessEnd, "keepUntilSent" | "letGo"> };

export function keepUntilSent(outbox: Leaver): void {
  shared[PLACE] ??= new ProcessEnd();
  shared[PLACE].keepUntilSent(outbox);
}

export function letGo(outbox: Leaver): void {
  shared[PLACE]?.letGo(outbox);
}
