import { describe, expect, it } from "vitest";
import { formatCount, formatDuration, formatPercent, inWords } from "./format";

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
