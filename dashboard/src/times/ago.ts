import { LOCAL } from "./zone";

const DAY = 86_400;
const UNITS = [
  ["d", DAY],
  ["h", 3_600],
  ["min", 60],
] as const;
const DATE_ONLY = { dateStyle: "medium" } as const;

/** Senders may be ten minutes ahead; beyond that the server corrects the time itself. */
const CLOCK_TOLERANCE = 600;

/** Relative for a month, then the date. */
export function formatAgo(seconds: number, nowSeconds: number): string {
  const age = Math.floor(nowSeconds - seconds);
  if (age > 30 * DAY || age < -CLOCK_TOLERANCE) return LOCAL.format(DATE_ONLY).format(seconds * 1_000);
  if (age < 3) return "just now";
  for (const [name, size] of UNITS) {
    if (age >= size) return `${Math.floor(age / size)} ${name} ago`;
  }
  return `${age} s ago`;
}
