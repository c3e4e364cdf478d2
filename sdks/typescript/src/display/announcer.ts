/** Gathers what a screen reader is told, so that it speaks at most every ten seconds. */

export const SPEAK_EACH_MS = 10_000;

export class Announcer {
  readonly #speak: (text: string) => void;
  readonly #summary: (arrived: number, failed: number) => string;
  #spokenAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: string | null = null;
  #spokenState: string | null = null;
  #arrived = 0;
  #failed = 0;

  constructor(speak: (text: string) => void, summary: (arrived: number, failed: number) => string) {
    this.#speak = speak;
    this.#summary = summary;
  }

  /** How the stream is, in words. The first state is what the page begins with, and is not spoken. */
  become(state: string): void {
    this.#spokenState ??= state;
    this.#state = state;
    this.#speakLater();
  }

  add(arrived: number, failed: number): void {
    this.#arrived += arrived;
    this.#failed += failed;
    this.#speakLater();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #speakLater(): void {
    if (this.#text() === "") return;
    this.#timer ??= setTimeout(() => this.#say(), Math.max(0, this.#spokenAt + SPEAK_EACH_MS - Date.now()));
  }

  #say(): void {
    this.#timer = undefined;
    const text = this.#text();
    // What had changed may be again as it was.
    if (text === "") return;
    this.#spokenAt = Date.now();
    this.#spokenState = this.#state;
    this.#arrived = 0;
    this.#failed = 0;
    this.#speak(text);
  }

  #text(): string {
    const state = this.#state !== this.#spokenState ? this.#state : null;
    return [state, this.#arrived > 0 ? this.#summary(this.#arrived, this.#failed) : null]
      .filter(Boolean)
      .join(". ");
  }
}
