import { inTime } from "./waiters.js";

/** Activities that are being described, which a flush waits for. */
export class Expected {
  readonly #tasks = new Set<Promise<unknown>>();

  /** The task must not reject. */
  add(task: Promise<unknown>): void {
    this.#tasks.add(task);
    void task.then(() => this.#tasks.delete(task));
  }

  /**
   * Waits for those of now, while `send` sends what is there already, and then for `next`, for so long at most
   * altogether. Whether all was done in time.
   */
  async before(
    timeoutMs: number,
    send: (timeoutMs: number) => unknown,
    next: (leftMs: number) => Promise<boolean>,
  ): Promise<boolean> {
    if (this.#tasks.size === 0) return next(timeoutMs);
    const end = performance.now() + timeoutMs;
    send(timeoutMs);
    const isDone = await inTime(Promise.all(this.#tasks), timeoutMs);
    return (await next(Math.max(0, end - performance.now()))) && isDone;
  }
}
