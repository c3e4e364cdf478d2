import { describe, expect, it } from "vitest";
import { clockParts, fromInput, isoDay, isSameDay, LOCAL, startOfDay, toInput, UTC } from "./zone";

const at = (text: string) => Date.parse(text);

describe("a zone", () => {
  it("shows a moment by its own clock, to the millisecond", () => {
    const moment = at("2026-07-01T22:30:05.123Z");
    expect(clockParts(UTC, moment)).toEqual({ clock: "22:30:05", fraction: ".123" });
    expect(clockParts(LOCAL, moment)).toEqual({ clock: "00:30:05", fraction: ".123" });
    expect([isoDay(UTC, moment), isoDay(LOCAL, moment)]).toEqual(["2026-07-01", "2026-07-02"]);
  });

  it("has days of its own", () => {
    const [evening, night] = [at("2026-07-01T21:30:00Z"), at("2026-07-01T22:30:00Z")];
    expect(isSameDay(UTC, evening, night)).toBe(true);
    expect(isSameDay(LOCAL, evening, night)).toBe(false);
    expect(startOfDay(UTC, night)).toBe(at("2026-07-01T00:00:00Z"));
    expect(startOfDay(LOCAL, night)).toBe(at("2026-07-01T22:00:00Z"));
  });

  it("begins a day at midnight on the days when the clocks are changed", () => {
    for (const day of ["2026-03-29T21:00:00Z", "2026-10-25T21:00:00Z"]) {
      expect(clockParts(LOCAL, startOfDay(LOCAL, at(day))).clock).toBe("00:00:00");
      expect(isSameDay(LOCAL, startOfDay(LOCAL, at(day)), at(day))).toBe(true);
    }
  });

  it("gives a date field its own time, and takes it back", () => {
    const moment = at("2026-11-24T10:15:00Z");
    expect([toInput(UTC, moment), toInput(LOCAL, moment)]).toEqual(["2026-11-24T10:15", "2026-11-24T11:15"]);
    for (const zone of [UTC, LOCAL]) expect(fromInput(zone, toInput(zone, moment))).toBe(moment);
    expect(fromInput(UTC, "")).toBeNull();
  });

  it("says nothing of what is not a time", () => {
    expect(clockParts(UTC, Number.NaN).clock).toBe("");
  });
});
