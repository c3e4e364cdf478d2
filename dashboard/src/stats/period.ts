/** The period that the figures are of, and the one before it, which says whether they are normal. */
import { matchingRange } from "../filters/ranges";
import type { Filter } from "../filters/view";

export type Dates = Pick<Filter, "date_from" | "date_to">;

export interface Period {
  dates: Dates;
  /** As long, and ends where the period begins. Null where the period has no beginning. */
  before: Dates | null;
  /** The view names no dates, so it is the last 24 hours. */
  isDefault: boolean;
}

const DAY = 86_400;
/**
 * The last 24 hours begin at a quarter of an hour. The server records who reads the figures of which dates, and dates
 * that move with the clock would be other dates each time.
 */
const QUARTER = 900;
const HOUR = 3_600;
/** Both periods differ in length by at most half of this, for the same reason. */
const STEP = 1.05;
const MIN_LENGTH = 60;
/** The year 1: the API knows no earlier date. */
const FIRST_SECOND = -62_135_596_800;

export const NO_DATES: Dates = { date_from: null, date_to: null };

export function periodOf({ date_from, date_to }: Dates, nowSeconds: number): Period {
  if (date_from === null && date_to === null) {
    const from = Math.floor(nowSeconds / QUARTER) * QUARTER - DAY;
    return { dates: { date_from: from, date_to: null }, before: endingAt(from, DAY), isDefault: true };
  }
  const dates = { date_from, date_to };
  const before = date_from === null ? null : endingAt(date_from, lengthOf(date_from, date_to, nowSeconds));
  return { dates, before, isDefault: false };
}

function endingAt(end: number, length: number): Dates | null {
  const from = end - length;
  return length > 0 && from >= FIRST_SECOND ? { date_from: from, date_to: end - 1 } : null;
}

/** What has not happened yet is no part of a length. */
function lengthOf(from: number, to: number | null, now: number): number {
  if (to !== null && to < now) return to - from + 1;
  if (from > now) return 0;
  return matchingRange({ date_from: from, date_to: null }, now)?.seconds ?? inSteps(now - from);
}

function inSteps(seconds: number): number {
  const steps = Math.round(Math.log(Math.max(seconds, MIN_LENGTH)) / Math.log(STEP));
  return Math.round(STEP ** steps);
}

/** Dates that have the hour that ends now and the one before it, and stay the same for an hour. */
export const lastTwoHours = (nowSeconds: number): Dates => ({
  date_from: (Math.floor(nowSeconds / HOUR) - 2) * HOUR,
  date_to: null,
});
