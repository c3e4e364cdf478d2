/** A time zone, and times in it. Everything is derived from how far its clocks are ahead of UTC at a moment. */
import { LOCALE } from "../texts/language";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Zone {
  /** As the tz database has it: "Europe/Copenhagen". */
  name: string;
  /** How far its clocks are ahead of UTC at a moment. All times here are epoch milliseconds. */
  offsetAt: (ms: number) => number;
  /** The browser's format with these options, which are constants: each is made once. */
  format: (options: Intl.DateTimeFormatOptions) => Intl.DateTimeFormat;
}

const zoneOf = (name: string, timeZone: string | undefined, offsetAt: Zone["offsetAt"]): Zone => {
  const formats = new Map<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>();
  return {
    name,
    offsetAt,
    format: (options) => {
      const known = formats.get(options);
      // Rows have clocks of 24 hours, in every language, and other times are compared with them.
      const all = { hourCycle: "h23", ...options, ...(timeZone && { timeZone }) } as const;
      const format = known ?? new Intl.DateTimeFormat(LOCALE, all);
      formats.set(options, format);
      return format;
    },
  };
};

export const UTC: Zone = zoneOf("UTC", "UTC", () => 0);

/** The zone of this device. */
export const LOCAL: Zone = zoneOf(
  new Intl.DateTimeFormat().resolvedOptions().timeZone,
  undefined,
  (ms) => new Date(ms).getTimezoneOffset() * -MINUTE_MS,
);

/** What a clock in the zone shows, as if it were UTC: the way to its digits. */
const shown = (zone: Zone, ms: number): string => {
  const date = new Date(ms + zone.offsetAt(ms));
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
};

/** The wall clock with 24 hours, and the milliseconds apart. */
export function clockParts(zone: Zone, ms: number): { clock: string; fraction: string } {
  const digits = shown(zone, ms);
  return { clock: digits.slice(-13, -5), fraction: digits.slice(-5, -1) };
}

/** The day as 2026-11-30, which sorts as it reads. Equal texts are the same day. */
export const isoDay = (zone: Zone, ms: number): string => shown(zone, ms).slice(0, -14);

export const isSameDay = (zone: Zone, a: number, b: number): boolean => isoDay(zone, a) === isoDay(zone, b);

/** The moment at which a clock in the zone shows `wall`, a time as if it were UTC. */
const momentOf = (zone: Zone, wall: number): number => wall - zone.offsetAt(wall - zone.offsetAt(wall));

/** When the day of a moment began. */
export const startOfDay = (zone: Zone, ms: number): number =>
  momentOf(zone, Math.floor((ms + zone.offsetAt(ms)) / DAY_MS) * DAY_MS);

/** As `datetime-local` fields have a time, by the minute. */
export const toInput = (zone: Zone, ms: number): string => shown(zone, ms).slice(0, -8);

/** Back from there; null where the text is not a time. */
export function fromInput(zone: Zone, text: string): number | null {
  const wall = Date.parse(`${text}Z`);
  return Number.isNaN(wall) ? null : momentOf(zone, wall);
}
