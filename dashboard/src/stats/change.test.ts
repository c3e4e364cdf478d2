import { describe, expect, it } from "vitest";
import { countChange, durationChange, pointChange, relativeChange, shareText } from "./change";

describe("a change against the period before", () => {
  it("is a percentage of what grows with the traffic", () => {
    expect(relativeChange(112, 100).text).toBe("+12%");
    expect(relativeChange(36, 100).text).toBe("−64%");
    expect(relativeChange(100, 100).text).toBe("±0%");
    expect(relativeChange(1_001, 1_000).text).toBe("±0%");
  });

  it("is new where there was none, and unchanged where there is none either", () => {
    expect(relativeChange(3, 0)).toEqual({ text: "new", words: "none in the period before", isRise: true });
    expect(relativeChange(0, 0)).toMatchObject({ text: "±0", isRise: false });
  });

  it("is a factor where a percentage says less, and never infinite", () => {
    expect(relativeChange(999, 100).text).toBe("+899%");
    expect(relativeChange(1_000, 100).text).toBe("×10");
    expect(relativeChange(5_000_000, 1).text).toBe("×5M");
  });

  it("is a whole loss only where nothing is left", () => {
    expect(relativeChange(0, 900).text).toBe("−100%");
    expect(relativeChange(1, 9_000).text).toBe("−99%");
  });

  it("is a number of a small count", () => {
    expect(countChange(82, 79).text).toBe("+3");
    expect(countChange(33, 38).text).toBe("−5");
    expect(countChange(4, 4).text).toBe("±0");
  });

  it("is percentage points of a percentage", () => {
    expect(pointChange(92.4, 94.2).text).toBe("−1.8 pt");
    expect(pointChange(100, 0).text).toBe("+100.0 pt");
    expect(pointChange(92.41, 92.4).text).toBe("±0 pt");
  });

  it("is a time of a duration", () => {
    expect(durationChange(4_900, 4_700).text).toBe("+200 ms");
    expect(durationChange(100, 2_100).text).toBe("−2 s");
    expect(durationChange(4.4, 4.1).text).toBe("±0 ms");
  });

  it("is said in words as well", () => {
    expect(relativeChange(112, 100).words).toBe("12% more than in the period before");
    expect(countChange(1, 4).words).toBe("3 less than in the period before");
    expect(pointChange(1, 1).words).toBe("the same as in the period before");
  });
});

describe("a share", () => {
  it("is one of the whole", () => {
    expect(shareText(12, 100)).toBe("12% of all");
    expect(shareText(0, 100)).toBe("0% of all");
    expect(shareText(100, 100)).toBe("100% of all");
  });

  it("is neither nothing nor everything by rounding", () => {
    expect(shareText(1, 1_000)).toBe("<1% of all");
    expect(shareText(999, 1_000)).toBe("99% of all");
  });

  it("is none of nothing, and no more than everything while one figure is older", () => {
    expect(shareText(0, 0)).toBeNull();
    expect(shareText(101, 100)).toBe("100% of all");
  });
});
