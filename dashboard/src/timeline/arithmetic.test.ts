import { describe, expect, it } from "vitest";
import { timeline } from "../test/sample";
import { bucketsOf, datesOf, niceCeiling, withArrivals } from "./arithmetic";

const START = 1_800_000_000;
const counts = (buckets: readonly { count: number; failed_count: number }[]) =>
  buckets.map(({ count, failed_count }) => [count, failed_count]);

describe("what has arrived since the server counted", () => {
  const counted = timeline([
    [2, 0],
    [3, 1],
  ]);
  const figures = (total: number, failed: number) => ({ filter: "", total, failed });

  it("is in the present bar, the failed part as well", () => {
    expect(counts(withArrivals(counted, figures(9, 2), START + 90))).toEqual([
      [2, 0],
      [7, 2],
    ]);
  });

  it("gets a bar of its own where time has run on", () => {
    const buckets = withArrivals(counted, figures(8, 1), START + 190);
    expect(counts(buckets)).toEqual([
      [2, 0],
      [4, 1],
      [0, 0],
      [2, 0],
    ]);
    expect(buckets.map(({ start }) => start - START)).toEqual([0, 60, 120, 180]);
  });

  it("is in the bar of the present though the filter's dates go on", () => {
    expect(counts(withArrivals(counted, figures(9, 2), START + 30))).toEqual([
      [5, 1],
      [4, 1],
    ]);
  });

  it("waits for the server's next answer when that would take too many bars", () => {
    expect(withArrivals(counted, figures(8, 1), START + 200 * 60)).toBe(counted.buckets);
  });

  it("is nothing when the server has counted later than the cards have", () => {
    expect(withArrivals(counted, figures(5, 3), START + 90)).toBe(counted.buckets);
    expect(withArrivals(timeline([]), figures(5, 3), START)).toEqual([]);
  });
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
