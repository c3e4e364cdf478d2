/**
 * Gathers what the stream brings and hands it over at most four times a second, at the start of an animation
 * frame. So hundreds of activities a second cost four small renders.
 */
export class Batcher<T> {
  private waiting: T[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;
  private lastFlush = 0;
  private readonly deliver: (batch: T[]) => void;
  private readonly intervalMs: number;

  constructor(deliver: (batch: T[]) => void, intervalMs = 250) {
    this.deliver = deliver;
    this.intervalMs = intervalMs;
  }

  add(item: T): void {
    this.waiting.push(item);
    if (this.timer !== undefined || this.frame !== undefined) return;
    const wait = this.lastFlush + this.intervalMs - performance.now();
    if (wait > 0) this.timer = setTimeout(() => this.schedule(), wait);
    else this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.timer = undefined;
    this.frame = undefined;
    this.waiting = [];
  }

  private schedule(): void {
    this.timer = undefined;
    // A hidden page gets no animation frames, and its rows and figures are to be right when it shows again.
    if (document.hidden) this.flush();
    else this.frame = requestAnimationFrame(() => this.flush());
  }

  private flush(): void {
    this.frame = undefined;
    this.lastFlush = performance.now();
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length > 0) this.deliver(batch);
  }
}
