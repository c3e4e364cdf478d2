import { describe, expect, it } from "vitest";
import { MAX_POINTS, ratios, resample, sparklinePath } from "./sparkline";

const BOX = { width: 60, height: 14, floor: 0 };
const points = (path: string) =>
  path
    .split(/(?=[ML])/)
    .filter(Boolean)
    .map((step) => step.slice(1).split(" ").map(Number) as [number, number]);

/** The same numbers in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const SERIES = Array.from({ length: 200 }, (_, seed) => {
  const next = random(seed + 1);
  const scale = 10 ** Math.floor(next() * 9);
  return Array.from({ length: Math.floor(next() * 200) }, () => Math.floor(next() * scale));
});

describe("a sparkline of any counts", () => {
  it("stays within its box and goes from left to right", () => {
    for (const series of SERIES) {
      const drawn = points(sparklinePath(resample(series), BOX));
      expect(drawn.flat().every(Number.isFinite)).toBe(true);
      expect(drawn.every(([x, y]) => x >= 0 && x <= 60 && y >= 0 && y <= 14)).toBe(true);
      expect(drawn.every(([x], index) => index === 0 || x >= (drawn[index - 1]?.[0] ?? 0))).toBe(true);
    }
  });

  it("is higher where there are more", () => {
    for (const series of SERIES) {
      const sums = resample(series);
      const drawn = points(sparklinePath(sums, BOX));
      const [top, bottom] = [Math.max(...sums), Math.min(...sums)];
      if (drawn.length === 0 || top === bottom) continue;
      expect(drawn[sums.indexOf(top)]?.[1]).toBe(Math.min(...drawn.map(([, y]) => y)));
      expect(drawn[sums.indexOf(bottom)]?.[1]).toBe(Math.max(...drawn.map(([, y]) => y)));
    }
  });

  it("has no more points than can be told apart, and keeps the sum of full groups", () => {
    for (const series of SERIES) {
      const sums = resample(series);
      expect(sums.length).toBeLessThanOrEqual(MAX_POINTS);
      const size = Math.max(1, Math.ceil(series.length / MAX_POINTS));
      if (series.length % size !== 0) continue;
      const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
      expect(total(sums)).toBeCloseTo(total(series));
    }
  });
});

describe("a sparkline", () => {
  it("is nothing for nothing, and for a single value", () => {
    expect(sparklinePath([], BOX)).toBe("");
    expect(sparklinePath([3], BOX)).toBe("");
    expect(sparklinePath([null, null], BOX)).toBe("");
  });

  it("lies on the ground where all counts are none, and in the middle where all rates are equal", () => {
    expect(sparklinePath([0, 0], BOX)).toBe("M1 13L59 13");
    expect(sparklinePath([0.5, 0.5], { width: 60, height: 14 })).toBe("M1 7L59 7");
  });

  it("is interrupted where there is no value", () => {
    expect(sparklinePath([1, null, 1, 0], BOX).match(/M/g)).toHaveLength(2);
  });

  it("is full in its last group, whatever the number of buckets", () => {
    expect(resample([9, 1, 1, 1, 1], 2)).toEqual([15, 3]);
    expect(resample([1, 2, 3], 32)).toEqual([1, 2, 3]);
  });

  it("has no rate where nothing happened", () => {
    expect(ratios([1, 0, 2], [2, 0, 2])).toEqual([0.5, null, 1]);
  });
});
