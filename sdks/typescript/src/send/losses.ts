/** What was lost, each told once: many losses with one cause as their total. */
import { LivetrailError } from "../errors.js";
import { type GivenUp, givenUp } from "./given-up.js";
import type { Item, Outcome } from "./item.js";

type Loss = Extract<Outcome, { ok: false }>;

export class Losses {
  readonly #report: (error: LivetrailError) => void;
  #count = 0;
  /** Of those, how many the last flush has answered for. */
  #flushed = 0;
  /** Dropped since the queue was full, without those whose caller waits. */
  #overflow = 0;
  /** Given up when the client was closed, without those whose caller waits. */
  readonly #abandoned: GivenUp = { dropped: 0, unacknowledged: 0 };

  constructor(report: (error: LivetrailError) => void) {
    this.#report = report;
  }

  /** Tells the caller that waits for this item, or else the application: at once, or with a total later. */
  add(loss: Loss, settle?: Item["settle"]): void {
    this.#count += 1;
    if (settle) settle(loss);
    else this.#tell(loss.error);
  }

  /** Whether nothing was lost since this was asked before. */
  noneSinceFlush(): boolean {
    const none = this.#count === this.#flushed;
    this.#flushed = this.#count;
    return none;
  }

  /** The queue has room again: says how many activities found none. */
  endOverflow(): void {
    const count = this.#overflow;
    this.#overflow = 0;
    // The first was told at once.
    if (count < 2) return;
    this.#report(
      new LivetrailError("queue_full", `the queue was full: ${count} activities were dropped`, { count }),
    );
  }

  /** The client is closed: says how many activities it held. */
  endAbandoned(): void {
    for (const error of givenUp("the client was closed", this.#abandoned)) this.#report(error);
    Object.assign(this.#abandoned, { dropped: 0, unacknowledged: 0 });
  }

  #tell(error: LivetrailError): void {
    if (error.code === "queue_full") {
      this.#overflow += 1;
      if (this.#overflow > 1) return;
    }
    this.#report(error);
  }

  /** Given up without an answer, and told with their total. */
  abandon(loss: Loss, settle?: Item["settle"]): void {
    this.#count += 1;
    if (settle) settle(loss);
    else this.#abandoned[loss.lost === "unacknowledged" ? "unacknowledged" : "dropped"] += 1;
  }
}
