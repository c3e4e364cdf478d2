export { formatDuration } from "@livetrail/sdk/display/duration";
export { inWords } from "@livetrail/sdk/display/in-words";

const whole = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const exactTime = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const dateOnly = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const shortDate = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export const formatNumber = (value: number): string => whole.format(value);

/** Up to 999,999 in full, beyond that shortened, so that a card never overflows. */
export const formatCount = (value: number): string =>
  value < 1e6 ? whole.format(value) : compact.format(value);

/** Never rounds up to 100 or down to 0: one failure in a million is not "no failure". */
export function formatPercent(value: number): string {
  const rounded = value > 99.9 && value < 100 ? 99.9 : value > 0 && value < 0.1 ? 0.1 : value;
  return rounded === 0 || rounded === 100 ? `${rounded}%` : `${percent.format(rounded)}%`;
}

export const formatDateTime = (seconds: number): string => dateTime.format(seconds * 1_000);
export const formatExactTime = (seconds: number): string => exactTime.format(seconds * 1_000);
export const formatShortDate = (seconds: number): string => shortDate.format(seconds * 1_000);

const dayLine = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });
const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** The wall clock of this time zone with 24 hours, and the milliseconds apart. */
export function clockParts(milliseconds: number): { clock: string; fraction: string } {
  const date = new Date(milliseconds);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
  return { clock, fraction: `.${String(date.getMilliseconds()).padStart(3, "0")}` };
}

/** The name of the day of a time in this time zone. Equal texts are the same day. */
export const formatDay = (milliseconds: number): string => dayLine.format(milliseconds);
export const isSameDay = (a: number, b: number): boolean =>
  new Date(a).toDateString() === new Date(b).toDateString();
export const timeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
] as const;

const DAY = 86_400;
/** Senders may be ten minutes ahead; beyond that the server corrects the time itself. */
const CLOCK_TOLERANCE = 600;

/** Relative for a month, then the date. */
export function formatAgo(seconds: number, nowSeconds: number): string {
  const age = Math.floor(nowSeconds - seconds);
  if (age > 30 * DAY || age < -CLOCK_TOLERANCE) return dateOnly.format(seconds * 1_000);
  if (age < 3) return "just now";
  for (const [name, size] of UNITS) {
    if (age >= size) return `${Math.floor(age / size)} ${name} ago`;
  }
  return `${age} s ago`;
}
