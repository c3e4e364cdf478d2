/** Which of several tabs leads: the one that holds a lock, which a tab that closes gives back. */
import type { TabPlatform } from "./platform.js";

export class Leadership {
  readonly #locks: TabPlatform["locks"];
  readonly #name: string;
  readonly #onLead: () => void;
  readonly #onLost: () => void;
  readonly #onDenied: () => void;
  #asking = new AbortController();
  #release: (() => void) | null = null;

  constructor(
    locks: TabPlatform["locks"],
    name: string,
    told: { onLead: () => void; onLost: () => void; onDenied: () => void },
  ) {
    this.#locks = locks;
    this.#name = name;
    this.#onLead = told.onLead;
    this.#onLost = told.onLost;
    this.#onDenied = told.onDenied;
  }

  /** Waits until it is this tab's turn. */
  request(): void {
    const asking = this.#begin();
    this.#hold(asking, { signal: asking.signal });
  }

  /** Takes the lock from a leader that does not answer. */
  steal(): void {
    this.#hold(this.#begin(), { steal: true });
  }

  /** Lets another tab lead. */
  end(): void {
    this.#asking.abort();
    this.#release?.();
    this.#release = null;
  }

  #begin(): AbortController {
    this.end();
    this.#asking = new AbortController();
    return this.#asking;
  }

  #hold(asking: AbortController, options: LockOptions): void {
    const held = this.#locks.request(this.#name, options, () => {
      // Meanwhile the lock was asked for in another way, or given up.
      if (asking.signal.aborted) return;
      return new Promise<void>((resolve) => {
        this.#release = resolve;
        this.#onLead();
      });
    });
    held.catch(() => {
      if (asking.signal.aborted) return;
      // Where the lock was not got at all, the page may have none, as in a sandboxed frame.
      if (!this.#release) return this.#onDenied();
      this.#release = null;
      this.#onLost();
    });
  }
}
