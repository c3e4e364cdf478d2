import { unref } from "../send/pause.js";

/** A burst of activities costs a few renders, not one each: the first is shown at once, the rest together. */
const RENDER_MS = 50;

export class Throttle {
  readonly #act: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;

  constructor(act: () => void) {
    this.#act = act;
  }

  /** Acts at once, or soon after the last time. */
  soon(): void {
    this.#isDue = true;
    if (this.#timer === undefined) this.#run();
  }

  /** Acts at once: what a person asked for does not wait. */
  now(): void {
    this.#isDue = false;
    this.#act();
  }

  #run(): void {
    this.#timer = undefined;
    if (!this.#isDue) return;
    this.#timer = setTimeout(() => this.#run(), RENDER_MS);
    unref(this.#timer);
    this.now();
  }
}
