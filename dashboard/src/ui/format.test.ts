import { describe, expect, it } from "vitest";
import { formatAgo, formatCount, formatDuration, formatPercent, inWords } from "./format";

const NOW = 1_800_000_000;

describe("how long ago", () => {
  it("is told in the largest unit that fits", () => {
    expect([0, 2, 3, 59, 60, 3_599, 3_600, 86_400 * 3].map((age) => formatAgo(NOW - age, NOW))).toEqual([
      "just now",
      "just now",
      "3 s ago",
      "59 s ago",
      "1 min ago",
      "59 min ago",
      "1 h ago",
      "3 d ago",
    ]);
  });

  it("forgives clocks that are a little ahead, and shows the date where relative time says nothing", () => {
    expect(formatAgo(NOW + 300, NOW)).toBe("just now");
    expect(formatAgo(NOW - 86_400 * 400, NOW)).toMatch(/2025/);
    expect(formatAgo(NOW + 86_400, NOW)).toMatch(/2027/);
  });
});

describe("figures", () => {
  it("never round a failure away", () => {
    expect(formatPercent(99.9999)).toBe("99.9%");
    expect(formatPercent(0.001)).toBe("0.1%");
    expect([0, 50, 100].map(formatPercent)).toEqual(["0%", "50.0%", "100%"]);
  });

  it("stay short", () => {
    expect([999_999, 12_345_678].map(formatCount)).toEqual(["999,999", "12.35M"]);
    expect([0, 4.25, 999, 1_500, 61_000].map(formatDuration)).toEqual([
      "0 ms",
      "4.3 ms",
      "999 ms",
      "1.5 s",
      "1 min 1 s",
    ]);
  });

  it("carry into the next unit", () => {
    expect([59_940, 59_960, 119_700, 3_599_600, 99_999_999].map(formatDuration)).toEqual([
      "59.9 s",
      "1 min 0 s",
      "2 min 0 s",
      "1 h 0 min",
      "27 h 47 min",
    ]);
  });

  it("have words for unknown actions", () => {
    expect(inWords("parcel_sent.twice")).toBe("Parcel sent twice");
  });
});
