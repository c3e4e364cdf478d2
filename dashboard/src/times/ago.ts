import { t } from "../texts/texts";
import { LOCAL } from "./zone";

const DAY = 86_400;
const UNITS = [
  ["{count} d ago", DAY],
  ["{count} h ago", 3_600],
  ["{count} min ago", 60],
] as const;
const DATE_ONLY = { dateStyle: "medium" } as const;

/** Senders may be ten minutes ahead; beyond that the server corrects the time itself. */
const CLOCK_TOLERANCE = 600;

/** Relative for a month, then the date. */
export function formatAgo(seconds: number, nowSeconds: number): string {
  const age = Math.floor(nowSeconds - seconds);
  if (age > 30 * DAY || age < -CLOCK_TOLERANCE) return LOCAL.format(DATE_ONLY).format(seconds * 1_000);
  if (age < 3) return t("just now");
  for (const [text, size] of UNITS) {
    if (age >= size) return t(text, { count: Math.floor(age / size) });
  }
  return t("{count} s ago", { count: age });
}
