/** What the histogram shows, from what the server counted and what has arrived since. */
import type { Bucket, Timeline } from "../api/types";
import type { Filter } from "../filters/view";

/** How many there are, as the cards say: they move with the stream. */
export interface Figures {
  filter: string;
  total: number;
  failed: number;
}

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
 * Puts what the cards count and the timeline does not yet into the present bucket, after empty ones if time has run on.
 * Nearly every activity happens when it arrives; the server's next answer moves the others.
 */
export function withArrivals(timeline: Timeline, figures: Figures, nowSeconds: number): readonly Bucket[] {
  const { buckets, bucket_seconds: width } = timeline;
  const first = buckets[0];
  const missing = figures.total - timeline.total;
  if (!first || missing <= 0) return buckets;
  const present = Math.max(Math.floor((nowSeconds - first.start) / width), 0);
  if (present >= MAX_BUCKETS) return buckets;
  const failed = Math.min(missing, Math.max(0, figures.failed - sumOf(buckets).failed));
  const grown = Array.from(
    { length: Math.max(present + 1, buckets.length) },
    (_, index) => buckets[index] ?? emptyBucket(first.start + index * width),
  );
  return grown.map((bucket, index) =>
    index !== present
      ? bucket
      : {
          ...bucket,
          count: bucket.count + missing,
          success_count: bucket.success_count + missing - failed,
          failed_count: bucket.failed_count + failed,
        },
  );
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
