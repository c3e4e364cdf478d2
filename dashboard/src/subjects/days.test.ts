import { expect, test } from "vitest";
import { timeline } from "../test/sample";
import { DAYS, daysOf, firstDay } from "./days";

const NOW = 1_800_003_600;

test("there are thirty days, of which the last one is today", () => {
  const days = daysOf(timeline([]), NOW);
  expect(days).toHaveLength(DAYS);
  expect(days[0]?.start).toBe(firstDay(NOW));
  expect(days.at(-1)?.start).toBe(Math.floor(NOW / 86_400) * 86_400);
});

test("buckets of one day are added up, and what is older is left out", () => {
  const buckets = timeline(
    [
      [3, 1],
      [2, 0],
    ],
    { bucket_seconds: 43_200 },
  );
  const old = timeline([[9, 9]]);
  const moved = { ...old, buckets: old.buckets.map((bucket) => ({ ...bucket, start: 0 })) };
  const start = firstDay(NOW);
  const placed = {
    ...buckets,
    buckets: buckets.buckets.map((bucket, n) => ({ ...bucket, start: start + n * 43_200 })),
  };
  expect(daysOf(placed, NOW)[0]).toEqual({ start, count: 6, failed: 1 });
  expect(daysOf(moved, NOW).every(({ count }) => count === 0)).toBe(true);
});
