/** How long to wait before the next attempt, and the waiting. */

const FIRST_MS = 200;
const MAX_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;

/** Full jitter: many clients that lost the same server must not come back at the same moment. */
export function backoff(attempt: number, random: () => number): number {
  return random() * Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
}

/** Milliseconds, from either form that `Retry-After` may have: a number of seconds, or a date. */
export function retryAfter(header: string | null, now: number): number {
  const value = header?.trim() ?? "";
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(wait, 0), MAX_RETRY_AFTER_MS);
}

/** A pause that can be ended early. It does not keep a process alive. */
export class Pause {
  #end: (() => void) | null = null;

  async wait(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#end = resolve;
      timer = setTimeout(resolve, milliseconds);
      unref(timer);
    });
    clearTimeout(timer);
    this.#end = null;
  }

  end(): void {
    this.#end?.();
  }
}

/** Lets a process exit although the timer runs. Elsewhere timers are numbers and keep nothing alive. */
export function unref(timer: unknown): void {
  if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function") {
    timer.unref();
  }
}
