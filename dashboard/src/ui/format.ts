import { durationFormat } from "@livetrail/sdk/display/duration";
import { LOCALE } from "../texts/language";

export { inWords } from "@livetrail/sdk/display/in-words";

const whole = new Intl.NumberFormat(LOCALE);
const tenths = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const wholePercent = new Intl.NumberFormat(LOCALE, { style: "percent" });
const percent = new Intl.NumberFormat(LOCALE, { style: "percent", minimumFractionDigits: 1 });
const compact = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 2 });

export const formatDuration = durationFormat(LOCALE);

export const formatNumber = (value: number): string => whole.format(value);

/** With one digit, also where it is 0. */
export const formatTenths = (value: number): string => tenths.format(value);

/** Of percent, as all percentages here: 12 is "12%". */
export const formatWholePercent = (value: number): string => wholePercent.format(value / 100);

/** Up to 999,999 in full, beyond that shortened, so that a card never overflows. */
export const formatCount = (value: number): string =>
  value < 1e6 ? whole.format(value) : compact.format(value);

/** Never rounds up to 100 or down to 0: one failure in a million is not "no failure". */
export function formatPercent(value: number): string {
  const rounded = value > 99.9 && value < 100 ? 99.9 : value > 0 && value < 0.1 ? 0.1 : value;
  return (rounded === 0 || rounded === 100 ? wholePercent : percent).format(rounded / 100);
}
