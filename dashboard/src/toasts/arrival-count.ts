/**
 * What has just arrived, as one line: an activity alone is a sentence, several are counted in place. The line goes
 * when nothing has arrived for a while, and a burst that does not end is counted anew each minute.
 */
import type { Activity } from "../api/types";

export interface Counted {
  count: number;
  failed: number;
  /** The activity, where it is alone. */
  only: Activity | null;
}

const GATHER_MS = 300;
const SHOW_MS = 4_000;
const COUNT_MS = 60_000;

export class ArrivalCount {
  private shown: Counted | null = null;
  private gathered: Activity[] = [];
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private ending: ReturnType<typeof setTimeout> | undefined;
  private beganAt = 0;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (notify: () => void): (() => void) => {
    this.listeners.add(notify);
    return () => void this.listeners.delete(notify);
  };

  readonly current = (): Counted | null => this.shown;

  take(activities: readonly Activity[]): void {
    this.gathered.push(...activities);
    if (this.gathered.length > 0) this.gathering ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  readonly clear = (): void => {
    clearTimeout(this.gathering);
    clearTimeout(this.ending);
    this.gathering = undefined;
    this.gathered = [];
    this.show(null);
  };

  private flush(): void {
    this.gathering = undefined;
    const batch = this.gathered;
    this.gathered = [];
    const isOver = !this.shown || Date.now() - this.beganAt > COUNT_MS;
    if (isOver) this.beganAt = Date.now();
    const before = isOver ? null : this.shown;
    const count = (before?.count ?? 0) + batch.length;
    const failed = (before?.failed ?? 0) + batch.filter(({ success }) => !success).length;
    this.show({ count, failed, only: count === 1 ? (batch[0] ?? null) : null });
    clearTimeout(this.ending);
    this.ending = setTimeout(this.clear, SHOW_MS);
  }

  private show(counted: Counted | null): void {
    if (this.shown === counted) return;
    this.shown = counted;
    for (const notify of this.listeners) notify();
  }
}
