/** What a figure is against that of the period before, and against the whole. */
import { t } from "../texts/texts";
import { formatCount, formatDuration, formatNumber, formatTenths, formatWholePercent } from "../ui/format";

export interface Change {
  /** As a card has room for it: "+12%". */
  text: string;
  /** The same for assistive technology and tooltips. */
  words: string;
  isRise: boolean;
}

/** From here on a factor says more than a percentage. */
const FACTOR_FROM = 10;

const signed = (difference: number, text: string) => `${difference > 0 ? "+" : "−"}${text}`;

/** Of a count that grows with the traffic: a percentage. */
export function relativeChange(now: number, before: number): Change {
  if (before === 0) {
    return now === 0
      ? { text: "±0", words: t("the same as in the period before"), isRise: false }
      : { text: t("new"), words: t("none in the period before"), isRise: true };
  }
  const factor = now / before;
  if (factor >= FACTOR_FROM) {
    const times = `×${formatCount(Math.round(factor))}`;
    return { text: times, words: t("{times} of the period before", { times }), isRise: true };
  }
  const percent = Math.round((factor - 1) * 100);
  // Less by a hair is not nothing at all.
  const shown = percent === -100 && now > 0 ? -99 : percent;
  return changeOf(shown, formatWholePercent(Math.abs(shown)), `±${formatWholePercent(0)}`);
}

/** Of a small count: a difference. */
export const countChange = (now: number, before: number): Change =>
  changeOf(now - before, formatCount(Math.abs(now - before)), "±0");

/** Of a percentage: percentage points. */
export function pointChange(now: number, before: number): Change {
  const points = Math.round((now - before) * 10) / 10;
  return changeOf(
    points,
    t("{points} pt", { points: formatTenths(Math.abs(points)) }),
    t("{points} pt", { points: "±0" }),
  );
}

export function durationChange(now: number, before: number): Change {
  const difference = Math.round(now - before);
  return changeOf(difference, formatDuration(Math.abs(difference)), "±0 ms");
}

function changeOf(difference: number, size: string, unchanged: string): Change {
  if (difference === 0)
    return { text: unchanged, words: t("the same as in the period before"), isRise: false };
  const words =
    difference > 0
      ? t("{size} more than in the period before", { size })
      : t("{size} less than in the period before", { size });
  return { text: signed(difference, size), words, isRise: difference > 0 };
}

/** "12% of all"; null where there is nothing to be a part of. Never rounds up to everything or down to nothing. */
export function shareText(part: number, whole: number): string | null {
  if (whole <= 0) return null;
  const percent = Math.min((part / whole) * 100, 100);
  if (percent > 0 && percent < 1) return t("<1% of all");
  const shown = percent < 100 ? Math.min(Math.round(percent), 99) : 100;
  return t("{percent}% of all", { percent: formatNumber(shown) });
}
