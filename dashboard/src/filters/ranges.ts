/** Ranges of time: those that have a name, how they are written, and how a date field shows their ends. */
import { type Text, t } from "../texts/texts";
import { currentTimes, type Times } from "../times/times";
import { fromInput, toInput, type Zone } from "../times/zone";
import { isTime } from "./parsers";
import type { Filter } from "./view";

export interface QuickRange {
  label: Text;
  /** How it is typed. */
  key: string;
  seconds: number;
}

const DAY = 86_400;
export const QUICK_RANGES: readonly QuickRange[] = [
  { label: "last hour", key: "1h", seconds: 3_600 },
  { label: "last 24 h", key: "24h", seconds: DAY },
  { label: "last 7 days", key: "7d", seconds: 7 * DAY },
  { label: "last 30 days", key: "30d", seconds: 30 * DAY },
];

type Dates = Pick<Filter, "date_from" | "date_to">;

/** A range that begins at a fixed minute, so that a link to it means the same tomorrow. */
export const rangeUntilNow = (range: Pick<QuickRange, "seconds">, nowSeconds: number): Dates => ({
  date_from: Math.floor((nowSeconds - range.seconds) / 60) * 60,
  date_to: null,
});

/** The quick range that these dates were chosen by, as long as it still fits within two per cent. */
export function matchingRange({ date_from, date_to }: Dates, nowSeconds: number): QuickRange | null {
  if (date_from === null || date_to !== null) return null;
  const age = nowSeconds - date_from;
  return QUICK_RANGES.find(({ seconds }) => Math.abs(age - seconds) <= Math.max(60, seconds * 0.02)) ?? null;
}

const UNITS = { m: 60, min: 60, h: 3_600, d: DAY, w: 7 * DAY } as const;
const TYPED = /^(?:last\s*)?(\d{1,4})\s*(min|m|h|d|w)/i;

/** A range as one types it: "24h", "last 7 days", or as the page calls it. */
export function rangeNamed(text: string, nowSeconds: number): Dates | null {
  const named = QUICK_RANGES.find(({ label }) => t(label).toLowerCase() === text.trim().toLowerCase());
  if (named) return rangeUntilNow(named, nowSeconds);
  const [, count, unit = ""] = TYPED.exec(text.trim()) ?? [];
  const size = UNITS[unit.toLowerCase() as keyof typeof UNITS];
  return count && size ? rangeUntilNow({ seconds: Number(count) * size }, nowSeconds) : null;
}

/**
 * The end as a reader takes it. The last second that belongs to a range may be 10:29:59, which is all until half past
 * ten: shown by the minute, it would read as if a minute were missing.
 */
export const readEnd = (seconds: number): number => (seconds % 60 === 59 ? seconds + 1 : seconds);

/** In words. The dates are epoch seconds; an empty one leaves that side open. */
export function describeRange(from: string, to: string, { shortDate }: Times = currentTimes()): string {
  const dates = { date_from: from ? Number(from) : null, date_to: to ? Number(to) : null };
  const quick = matchingRange(dates, Date.now() / 1_000);
  if (quick) return t(quick.label);
  const { date_from, date_to } = dates;
  if (date_from === null)
    return date_to === null ? t("any") : t("until {date}", { date: shortDate(readEnd(date_to)) });
  if (date_to === null) return t("since {date}", { date: shortDate(date_from) });
  return `${shortDate(date_from)} – ${shortDate(readEnd(date_to))}`;
}

/** Between epoch seconds and the time in a zone that `datetime-local` fields use. */
export const toDateField = (zone: Zone, seconds: number | null): string =>
  seconds === null ? "" : toInput(zone, seconds * 1_000);

export function fromDateField(zone: Zone, text: string): number | null {
  const ms = fromInput(zone, text);
  return ms !== null && isTime(ms / 1_000) ? Math.floor(ms / 1_000) : null;
}
