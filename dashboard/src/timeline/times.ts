/** Times as people read them along an axis and in words, in the local time zone. */

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

const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minutes = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const years = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const range = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const rangeWithSeconds = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const rangeOfDays = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
});

/** Seconds that local time is ahead of UTC, at that moment. */
const offsetAt = (at: number): number => new Date(at * 1_000).getTimezoneOffset() * -MINUTE;
const isMidnight = (at: number): boolean => (at + offsetAt(at)) % DAY === 0;

/** At most `most` ticks at even local times from `from` (epoch seconds) until before `to`. */
export function ticksBetween(from: number, to: number, most: number): Tick[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? to - from;
  const ticks: Tick[] = [];
  let local = Math.ceil((from + offsetAt(from)) / step) * step;
  // Across a change of the clocks the offset is that of the tick, so that it stays at an even hour.
  for (let at = local - offsetAt(from); at < to; at = local - offsetAt(local - offsetAt(at))) {
    ticks.push({ at, label: labelOf(at, step, to - from) });
    local += step;
  }
  return ticks;
}

function labelOf(at: number, step: number, span: number): string {
  const ms = at * 1_000;
  if (span > 300 * DAY) return years.format(ms);
  if (step >= DAY || isMidnight(at)) return days.format(ms);
  return step < MINUTE ? seconds.format(ms) : minutes.format(ms);
}

/** A time of the day: "17:19". */
export const formatTime = (at: number): string => minutes.format(at * 1_000);

/** "Wed 25 Nov, 10:00 – 10:30"; `to` is the first second that does not belong to it. */
export function formatRange(from: number, to: number): string {
  if (isMidnight(from) && isMidnight(to)) return rangeOfDays.formatRange(from * 1_000, (to - 1) * 1_000);
  const format = to - from < MINUTE ? rangeWithSeconds : range;
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
  return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(
    widthSeconds / Number(size),
  );
}

export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
