import { describe, expect, it } from "vitest";
import { LOCAL } from "../times/zone";
import {
  describeRange,
  fromDateField,
  matchingRange,
  QUICK_RANGES,
  rangeNamed,
  rangeUntilNow,
  toDateField,
} from "./ranges";

const NOW = 1_800_000_030;
const [, day, week] = QUICK_RANGES;

describe("quick ranges", () => {
  it("begin at a whole minute", () => {
    expect(day && rangeUntilNow(day, NOW)).toEqual({ date_from: 1_799_913_600, date_to: null });
  });

  it("are recognised while they still fit, and become plain dates later", () => {
    if (!week) throw new Error("there is a range of a week");
    const chosen = rangeUntilNow(week, NOW);
    expect(matchingRange(chosen, NOW + 600)).toBe(week);
    expect(matchingRange(chosen, NOW + 86_400)).toBeNull();
    expect(matchingRange({ ...chosen, date_to: NOW }, NOW)).toBeNull();
  });
});

describe("a range in words", () => {
  it("ends where its last second ends", () => {
    const from = 1_799_913_600;
    expect(describeRange(String(from), String(from + 1_799))).toBe(
      describeRange(String(from), String(from + 1_800)),
    );
  });

  it("may be typed", () => {
    expect(rangeNamed("24h", NOW)).toEqual(day && rangeUntilNow(day, NOW));
    expect(rangeNamed("last 7 days", NOW)).toEqual(week && rangeUntilNow(week, NOW));
    expect(rangeNamed("soon", NOW)).toBeNull();
  });
});

describe("date fields", () => {
  it("show local time and read it back", () => {
    expect(fromDateField(LOCAL, toDateField(LOCAL, 1_799_913_600))).toBe(1_799_913_600);
    expect(toDateField(LOCAL, null)).toBe("");
    expect(fromDateField(LOCAL, "")).toBeNull();
  });

  it("take no year beyond 9999", () => {
    expect(fromDateField(LOCAL, "123456-01-01T00:00")).toBeNull();
  });
});
