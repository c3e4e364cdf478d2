import { describe, expect, it } from "vitest";
import { LOCAL, UTC } from "../times/zone";
import { formatRange, formatWidth, ticksBetween } from "./times";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const at = (text: string) => new Date(text).getTime() / 1_000;
const localTime = (seconds: number) => {
  const date = new Date(seconds * 1_000);
  return `${date.getDate()} ${date.getHours()}:${String(date.getMinutes()).padStart(2, "0")}`;
};

describe("the ticks of an axis", () => {
  it("stand at even times of the reader's clock, and name the day at midnight", () => {
    const ticks = ticksBetween(at("2026-11-24T14:10"), at("2026-11-25T14:10"), 10, LOCAL);
    expect(ticks.map((tick) => localTime(tick.at))).toEqual([
      "24 15:00",
      "24 18:00",
      "24 21:00",
      "25 0:00",
      "25 3:00",
      "25 6:00",
      "25 9:00",
      "25 12:00",
    ]);
    expect(ticks[3]?.label).toMatch(/25/);
    expect(ticks[3]?.label).toMatch(/Nov/);
  });

  it("stay at even times when the clocks are changed", () => {
    const ticks = ticksBetween(at("2026-10-24T20:00"), at("2026-10-25T20:00"), 10, LOCAL);
    expect(ticks.map((tick) => localTime(tick.at))).toEqual([
      "24 21:00",
      "25 0:00",
      "25 3:00",
      "25 6:00",
      "25 9:00",
      "25 12:00",
      "25 15:00",
      "25 18:00",
    ]);
  });

  it("stand at even times of UTC for who reads times in it", () => {
    const ticks = ticksBetween(at("2026-11-24T00:10Z"), at("2026-11-24T10:00Z"), 5, UTC);
    expect(ticks.map((tick) => new Date(tick.at * 1_000).toISOString().slice(11, 16))).toEqual([
      "02:00",
      "04:00",
      "06:00",
      "08:00",
    ]);
    expect(ticks[0]?.label).toMatch(/2:00/);
  });

  it("are never more than asked for, however long it is", () => {
    for (const span of [1, 7, 90, HOUR, 5 * HOUR, 3 * DAY, 40 * DAY, 3 * 365 * DAY, 40 * 365 * DAY]) {
      const ticks = ticksBetween(1_800_000_000, 1_800_000_000 + span, 6, LOCAL);
      expect(ticks.length, `${span} s`).toBeGreaterThan(0);
      expect(ticks.length, `${span} s`).toBeLessThanOrEqual(7);
    }
  });

  it("name the year where there are several", () => {
    const [tick] = ticksBetween(at("2024-01-01T00:00"), at("2026-06-01T00:00"), 6, LOCAL);
    expect(tick?.label).toMatch(/2024/);
  });
});

describe("a range in words", () => {
  it("is of whole days where it begins and ends at midnight", () => {
    const text = formatRange(at("2026-11-24T00:00"), at("2026-11-25T00:00"), LOCAL);
    expect(text).toMatch(/24/);
    expect(text).not.toMatch(/25|00:00|12:00/);
  });

  it("has seconds where it is shorter than a minute", () => {
    expect(formatRange(at("2026-11-24T10:00:15"), at("2026-11-24T10:00:30"), LOCAL)).toMatch(/00:15.*00:30/);
  });
});

describe("a width", () => {
  it("is told in the largest whole unit", () => {
    expect([1, 90, 1_800, 3_600, 43_200, DAY, 3 * DAY].map(formatWidth)).toEqual([
      "1 second",
      "90 seconds",
      "30 minutes",
      "1 hour",
      "12 hours",
      "1 day",
      "3 days",
    ]);
  });
});
