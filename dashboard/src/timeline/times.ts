/** Times as people read them along an axis and in words, in the zone that the reader has chosen. */
import { LOCALE } from "../texts/language";
import type { Zone } from "../times/zone";

export interface Tick {
  /** Epoch seconds. */
  at: number;
  label: string;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const STEPS = [
  [1, 2, 5, 10, 15, 30],
  [1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  [1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  [1, 2, 7, 14, 28, 56, 112, 364].map((days) => days * DAY),
].flat();

const SECONDS = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
const MINUTES = { hour: "2-digit", minute: "2-digit" } as const;
const DAYS = { day: "numeric", month: "short" } as const;
const YEARS = { day: "numeric", month: "short", year: "numeric" } as const;
const RANGE = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
} as const;
const RANGE_WITH_SECONDS = {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
} as const;
const RANGE_OF_DAYS = {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
} as const;

/** Seconds that the zone is ahead of UTC, at that moment. */
const offsetAt = (zone: Zone, at: number): number => zone.offsetAt(at * 1_000) / 1_000;
const isMidnight = (zone: Zone, at: number): boolean => (at + offsetAt(zone, at)) % DAY === 0;

/** At most `most` ticks at even times of the zone from `from` (epoch seconds) until before `to`. */
export function ticksBetween(from: number, to: number, most: number, zone: Zone): Tick[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? to - from;
  const ticks: Tick[] = [];
  const momentOf = (wall: number) => wall - offsetAt(zone, wall - offsetAt(zone, from));
  let wall = Math.ceil((from + offsetAt(zone, from)) / step) * step;
  // Across a change of the clocks the offset is that of the tick, so that it stays at an even hour.
  for (let at = momentOf(wall); at < to; at = momentOf(wall)) {
    ticks.push({ at, label: labelOf(zone, at, step, to - from) });
    wall += step;
  }
  return ticks;
}

function labelOf(zone: Zone, at: number, step: number, span: number): string {
  const ms = at * 1_000;
  if (span > 300 * DAY) return zone.format(YEARS).format(ms);
  if (step >= DAY || isMidnight(zone, at)) return zone.format(DAYS).format(ms);
  return zone.format(step < MINUTE ? SECONDS : MINUTES).format(ms);
}

/** A time of the day: "17:19". */
export const formatTime = (at: number, zone: Zone): string => zone.format(MINUTES).format(at * 1_000);

/** "Wed 25 Nov, 10:00 – 10:30"; `to` is the first second that does not belong to it. */
export function formatRange(from: number, to: number, zone: Zone): string {
  if (isMidnight(zone, from) && isMidnight(zone, to)) {
    return zone.format(RANGE_OF_DAYS).formatRange(from * 1_000, (to - 1) * 1_000);
  }
  const format = zone.format(to - from < MINUTE ? RANGE_WITH_SECONDS : RANGE);
  return format.formatRange(from * 1_000, to * 1_000);
}

/** The width of a bucket: "30 minutes". */
export function formatWidth(widthSeconds: number): string {
  const [size, unit] =
    widthSeconds % DAY === 0
      ? [DAY, "day"]
      : widthSeconds % HOUR === 0
        ? [HOUR, "hour"]
        : widthSeconds % MINUTE === 0
          ? [MINUTE, "minute"]
          : [1, "second"];
  return new Intl.NumberFormat(LOCALE, { style: "unit", unit, unitDisplay: "long" }).format(
    widthSeconds / Number(size),
  );
}
