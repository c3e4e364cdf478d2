import { isTime } from "./parsers";
import type { Filter } from "./view";

export interface QuickRange {
  label: string;
  seconds: number;
}

const DAY = 86_400;
export const QUICK_RANGES: readonly QuickRange[] = [
  { label: "Last 24 hours", seconds: DAY },
  { label: "Last 7 days", seconds: 7 * DAY },
  { label: "Last 30 days", seconds: 30 * DAY },
];

type Dates = Pick<Filter, "date_from" | "date_to">;

/** A range that begins at a fixed minute, so that a link to it means the same tomorrow. */
export const rangeUntilNow = (range: QuickRange, nowSeconds: number): Dates => ({
  date_from: Math.floor((nowSeconds - range.seconds) / 60) * 60,
  date_to: null,
});

/** The quick range that these dates were chosen by, as long as it still fits within two per cent. */
export function matchingRange({ date_from, date_to }: Dates, nowSeconds: number): QuickRange | null {
  if (date_from === null || date_to !== null) return null;
  const age = nowSeconds - date_from;
  return QUICK_RANGES.find(({ seconds }) => Math.abs(age - seconds) <= seconds * 0.02) ?? null;
}

/** Between epoch seconds and the local time that `datetime-local` fields use. */
export function toLocalInput(seconds: number | null): string {
  if (seconds === null) return "";
  const date = new Date(seconds * 1_000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function fromLocalInput(text: string): number | null {
  const seconds = Math.floor(new Date(text).getTime() / 1_000);
  return isTime(seconds) ? seconds : null;
}
