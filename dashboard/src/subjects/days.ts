/** The last thirty days of a thing, as its strip shows them. Days are those of UTC. Pure. */
import type { Timeline } from "../api/types";

export const DAYS = 30;
const DAY = 86_400;

export interface Day {
  /** When it begins, in epoch seconds. */
  start: number;
  count: number;
  failed: number;
}

/** When the first of the days begins. */
export const firstDay = (now: number): number => Math.floor(now / DAY) * DAY - (DAYS - 1) * DAY;

/** Every day, the oldest first. The server leaves out all of them where nothing happened. */
export function daysOf({ buckets }: Timeline, now: number): Day[] {
  const first = firstDay(now);
  const days = Array.from({ length: DAYS }, (_, n) => ({ start: first + n * DAY, count: 0, failed: 0 }));
  for (const { start, count, failed_count } of buckets) {
    const day = days[Math.floor((start - first) / DAY)];
    if (!day) continue;
    day.count += count;
    day.failed += failed_count;
  }
  return days;
}
