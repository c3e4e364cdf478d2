import { describe, expect, it } from "vitest";
import { lastTwoHours, periodOf } from "./period";

const NOW = 1_800_000_123;
const DAY = 86_400;
const none = { date_from: null, date_to: null };

describe("the period of the figures", () => {
  it("is the last 24 hours where the view names no dates, and says so", () => {
    const { dates, before, isDefault } = periodOf(none, NOW);
    expect(isDefault).toBe(true);
    expect(dates).toEqual({ date_from: 1_800_000_000 - DAY, date_to: null });
    expect(before).toEqual({ date_from: 1_800_000_000 - 2 * DAY, date_to: 1_800_000_000 - DAY - 1 });
  });

  it("is the same for a quarter of an hour", () => {
    expect(periodOf(none, NOW + 700)).toEqual(periodOf(none, NOW));
    expect(periodOf(none, NOW + 900)).not.toEqual(periodOf(none, NOW));
    expect(lastTwoHours(NOW + 3_000)).toEqual(lastTwoHours(NOW));
  });

  it("is that of the view, after one of equal length", () => {
    const { dates, before, isDefault } = periodOf({ date_from: 1_000, date_to: 1_099 }, NOW);
    expect(isDefault).toBe(false);
    expect(dates).toEqual({ date_from: 1_000, date_to: 1_099 });
    expect(before).toEqual({ date_from: 900, date_to: 999 });
  });

  it("has a length until now where it goes on, to within a few per cent", () => {
    for (const age of [60, 90, 1_000, 5_000, 40_000, DAY, 3 * DAY, 400 * DAY]) {
      for (const date_to of [null, NOW + 5_000_000]) {
        const from = NOW - age;
        const before = periodOf({ date_from: from, date_to }, NOW).before;
        expect(before?.date_to).toBe(from - 1);
        const length = from - (before?.date_from ?? 0);
        expect(Math.abs(length / age - 1)).toBeLessThan(0.03);
      }
    }
  });

  it("has none before it where it has no beginning, is not there yet, or would be before all time", () => {
    expect(periodOf({ date_from: null, date_to: 1_000 }, NOW).before).toBeNull();
    expect(periodOf({ date_from: NOW + 10, date_to: null }, NOW).before).toBeNull();
    expect(periodOf({ date_from: 1_000, date_to: 10 }, NOW).before).toBeNull();
    expect(periodOf({ date_from: -62_135_596_800, date_to: null }, NOW).before).toBeNull();
  });
});
