import { Pause } from "./pause.js";

/** Keeps requests apart: each costs as much processor time as encoding a hundred activities. */
export class Pace {
  readonly #pause = new Pause();
  readonly #intervalMs: number;
  #last = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Waits until the next request may begin, or until `hasten`; not at all where that is urgent. */
  async turn(isUrgent: boolean): Promise<void> {
    const wait = this.#last + this.#intervalMs - performance.now();
    if (wait > 0 && !isUrgent) await this.#pause.wait(wait);
    this.#last = performance.now();
  }

  /** Lets the next request begin now. */
  hasten(): void {
    this.#pause.end();
  }
}
