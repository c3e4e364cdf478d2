import { describe, expect, it } from "vitest";
import { durationFormat, formatDuration } from "../src/display/duration.js";
import { sizeText } from "../src/display/plain-value.js";

describe("a number is written in English, or as a language that is named writes it", () => {
  it("in durations", () => {
    expect([4.25, 1_500, 99_999_999_999].map(formatDuration)).toEqual(["4.3 ms", "1.5 s", "27,777 h 47 min"]);
    expect([4.25, 1_500, 99_999_999_999].map(durationFormat("de"))).toEqual([
      "4,3 ms",
      "1,5 s",
      "27.777 h 47 min",
    ]);
  });

  it("in the size of a closed node", () => {
    expect(sizeText([], 1_200)).toBe("[1,200]");
    expect(sizeText({}, 1_200, "de")).toBe("{1.200}");
  });
});
