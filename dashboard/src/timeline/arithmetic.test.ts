import { describe, expect, it } from "vitest";
import { timeline } from "../test/sample";
import {
  bucketsOf,
  countBetween,
  datesOf,
  failedCeiling,
  ghostOf,
  niceCeiling,
  withArrivals,
} from "./arithmetic";

const START = 1_800_000_000;
const counts = (buckets: readonly { count: number; failed_count: number }[]) =>
  buckets.map(({ count, failed_count }) => [count, failed_count]);

describe("what has arrived since the server counted", () => {
  const counted = timeline([
    [2, 0],
    [3, 1],
  ]);
  const arrived = (second: number, success = true) => ({ timestamp: START + second, success });

  it("is in the bucket of its time, the failed part as well", () => {
    const arrivals = [arrived(90), arrived(119, false), arrived(59.9)];
    expect(counts(withArrivals(counted, arrivals, null))).toEqual([
      [3, 0],
      [6, 2],
    ]);
  });

  it("gets a bucket of its own where time has run on", () => {
    const buckets = withArrivals(counted, [arrived(190)], null);
    expect(counts(buckets)).toEqual([
      [2, 0],
      [4, 1],
      [0, 0],
      [1, 0],
    ]);
    expect(buckets.map(({ start }) => start - START)).toEqual([0, 60, 120, 180]);
  });

  it("is left to the server's next answer when it is of another time", () => {
    const arrivals = [arrived(-1), arrived(200 * 60)];
    expect(withArrivals(counted, arrivals, null)).toBe(counted.buckets);
    expect(withArrivals(timeline([]), [arrived(1)], START + 90)).toEqual([]);
  });

  it("is followed by empty buckets until now, as many as there may be", () => {
    expect(counts(withArrivals(counted, [], START + 185)).slice(2)).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(withArrivals(counted, [], START + 1e6)).toHaveLength(200);
    expect(withArrivals(counted, [], START + 100)).toBe(counted.buckets);
  });
});

describe("the period before", () => {
  const shown = timeline([
    [4, 0],
    [4, 0],
  ]);

  it("lies over the bars, shifted by its distance", () => {
    const before = timeline([
      [3, 0],
      [5, 0],
    ]);
    const early = before.buckets.map((bucket) => ({ ...bucket, start: bucket.start - 86_400 }));
    expect(ghostOf({ ...before, buckets: early }, 86_400, shown)).toEqual([
      { place: 0.25, count: 3 },
      { place: 0.75, count: 5 },
    ]);
  });

  it("counts for the time of a bar, whatever its own buckets have", () => {
    const before = timeline([[10, 0]], { bucket_seconds: 120 });
    expect(ghostOf(before, 0, shown)).toEqual([{ place: 0.5, count: 5 }]);
  });

  it("is cut off at the edges", () => {
    expect(ghostOf(timeline([[1, 0]]), -60, shown)).toEqual([]);
    expect(ghostOf(timeline([[1, 0]]), 0, timeline([]))).toEqual([]);
  });
});

describe("failures", () => {
  it("have a scale of their own, on which one alone is small", () => {
    expect(failedCeiling(timeline([[20, 1]]).buckets)).toBe(5);
    expect(failedCeiling(timeline([[20, 150]]).buckets)).toBe(200);
  });
});

it("the activities of a stretch of time are those of the buckets that begin in it", () => {
  const { buckets } = timeline([
    [1, 0],
    [2, 1],
    [4, 0],
  ]);
  expect(countBetween(buckets, START + 60, START + 120)).toBe(3);
  expect(countBetween(buckets, START, Number.POSITIVE_INFINITY)).toBe(8);
  expect(countBetween([], 0, 1)).toBe(0);
});

describe("a run of bars", () => {
  const { buckets } = timeline([
    [1, 0],
    [2, 0],
    [3, 0],
  ]);

  it("is the same from either end", () => {
    expect(bucketsOf(buckets, { from: 2, to: 1 })).toEqual(bucketsOf(buckets, { from: 1, to: 2 }));
  });

  it("becomes dates up to its last second: those of the filter are inclusive", () => {
    expect(datesOf(buckets, 60, { from: 1, to: 1 })).toEqual({
      date_from: START + 60,
      date_to: START + 119,
    });
    expect(datesOf(buckets, 60, { from: 2, to: 0 })).toEqual({ date_from: START, date_to: START + 179 });
  });
});

describe("the scale", () => {
  it("ends at a number that is easily read", () => {
    expect([0, 1, 2, 7, 9, 10, 11, 672, 1_000, 41_000].map(niceCeiling)).toEqual([
      1, 1, 2, 8, 10, 10, 20, 800, 1_000, 50_000,
    ]);
  });
});
