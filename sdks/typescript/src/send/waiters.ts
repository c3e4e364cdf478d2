/** Promises that wait until so many items are settled. */
export class Waiters {
  #waiting: { settled: number; resolve: () => void }[] = [];
  #settled = 0;

  /** Items that are settled. */
  get settled(): number {
    return this.#settled;
  }

  until(settled: number): Promise<void> {
    if (settled <= this.#settled) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ settled, resolve }));
  }

  settle(count: number): void {
    this.#settled += count;
    const due = this.#waiting.filter(({ settled }) => settled <= this.#settled);
    this.#waiting = this.#waiting.filter(({ settled }) => settled > this.#settled);
    for (const { resolve } of due) resolve();
  }
}

/** Whether it is done in time. The timer keeps the process alive, because the application waits. */
export async function inTime(task: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const done = await Promise.race([
    task.then(() => true),
    new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
    }),
  ]);
  clearTimeout(timer);
  return done;
}
