/** What the histogram shows, from what the server counted and what has arrived since. */
import type { Activity, Bucket, Timeline } from "../api/types";
import type { Filter } from "../filters/view";

/** What has arrived since the server counted. */
export type Arrived = Pick<Activity, "timestamp" | "success">;

/** A run of buckets, by index; `to` is included and may lie before `from`. */
export interface Run {
  from: number;
  to: number;
}

export const sumOf = (buckets: readonly Bucket[]) =>
  buckets.reduce(
    (sum, { count, failed_count }) => ({ count: sum.count + count, failed: sum.failed + failed_count }),
    { count: 0, failed: 0 },
  );

/** As many as the server would give at most: where time has run on for longer, its answer has wider ones. */
const MAX_BUCKETS = 200;

/**
 * Puts each arrival into the bucket of its time. While the period goes on, empty buckets follow until now. What happened
 * before the first bucket or too far ahead is left to the server's next answer.
 */
export function withArrivals(
  { buckets, bucket_seconds: width }: Timeline,
  arrivals: readonly Arrived[],
  untilSeconds: number | null,
): readonly Bucket[] {
  const first = buckets[0];
  if (!first) return buckets;
  const indexOf = (seconds: number) => Math.floor((seconds - first.start) / width);
  const added = new Map<number, { count: number; failed: number }>();
  for (const { timestamp, success } of arrivals) {
    const index = indexOf(timestamp);
    if (index < 0 || index >= MAX_BUCKETS) continue;
    const { count, failed } = added.get(index) ?? { count: 0, failed: 0 };
    added.set(index, { count: count + 1, failed: failed + (success ? 0 : 1) });
  }
  const present = untilSeconds === null ? 0 : Math.min(indexOf(untilSeconds) + 1, MAX_BUCKETS);
  const length = Math.max(buckets.length, present, ...[...added.keys()].map((index) => index + 1));
  if (added.size === 0 && length === buckets.length) return buckets;
  return Array.from({ length }, (_, index) =>
    grown(buckets[index] ?? emptyBucket(first.start + index * width), added.get(index)),
  );
}

function grown(bucket: Bucket, added: { count: number; failed: number } | undefined): Bucket {
  if (!added) return bucket;
  return {
    ...bucket,
    count: bucket.count + added.count,
    success_count: bucket.success_count + added.count - added.failed,
    failed_count: bucket.failed_count + added.failed,
  };
}

const emptyBucket = (start: number): Bucket => ({
  start,
  count: 0,
  success_count: 0,
  failed_count: 0,
  categories: {},
});

export const bucketsOf = (buckets: readonly Bucket[], { from, to }: Run): readonly Bucket[] =>
  buckets.slice(Math.min(from, to), Math.max(from, to) + 1);

/** The dates that a run of buckets spans, as the filter takes them: `date_to` is the last second of it. */
export function datesOf(
  buckets: readonly Bucket[],
  widthSeconds: number,
  run: Run,
): Pick<Filter, "date_from" | "date_to"> {
  const chosen = bucketsOf(buckets, run);
  const last = chosen.at(-1);
  return { date_from: chosen[0]?.start ?? null, date_to: last ? last.start + widthSeconds - 1 : null };
}

/** Where an axis ends: at the least number of one digit and zeros that is not below the value. */
export function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 3, 4, 5, 6, 8].find((step) => step * power >= value) ?? 10) * power;
}

/** Failures have a scale of their own, on which one alone does not look like many. */
const LEAST_FAILED_SCALE = 5;
export const failedCeiling = (buckets: readonly Bucket[]): number =>
  niceCeiling(Math.max(LEAST_FAILED_SCALE, ...buckets.map(({ failed_count }) => failed_count)));

/** The activities of a stretch of time, from the first second to before the last, in buckets that lie in it. */
export const countBetween = (buckets: readonly Bucket[], from: number, to: number): number =>
  sumOf(buckets.filter(({ start }) => start >= from && start < to)).count;

/** A place along the bars, from 0 to 1, and how many there were in the time of a bar. */
export interface GhostPoint {
  place: number;
  count: number;
}

/**
 * The period before, laid over the bars: each of its buckets stands `shiftSeconds` later. Its buckets may have another
 * width, so their counts are those of a bar's.
 */
export function ghostOf(before: Timeline, shiftSeconds: number, shown: Timeline): GhostPoint[] {
  const first = shown.buckets[0];
  if (!first) return [];
  const span = shown.buckets.length * shown.bucket_seconds;
  const scale = shown.bucket_seconds / before.bucket_seconds;
  return before.buckets
    .map(({ start, count }) => ({
      place: (start + before.bucket_seconds / 2 + shiftSeconds - first.start) / span,
      count: count * scale,
    }))
    .filter(({ place }) => place >= 0 && place <= 1);
}
