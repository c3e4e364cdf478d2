import type { Bucket } from "../api/types";
import { plural, t } from "../texts/texts";
import { useTimes } from "../times/times";
import { formatNumber } from "../ui/format";
import { sumOf } from "./arithmetic";
import { formatRange } from "./times";

/** "45 activities, 3 failed" */
export const countText = (count: number, failed: number): string =>
  failed === 0
    ? plural(count, "{count} activity", "{count} activities")
    : plural(count, "{count} activity, {failed} failed", "{count} activities, {failed} failed", {
        failed: formatNumber(failed),
      });

interface RunTipProps {
  buckets: readonly Bucket[];
  widthSeconds: number;
  /** Its place along the bars, from 0 to 1. */
  at: number;
}

/** What the bars that are pointed at stand for. Each bar says the same by its name, so it is for the eye only. */
export function RunTip({ buckets, widthSeconds, at }: RunTipProps) {
  const { zone } = useTimes();
  const first = buckets[0];
  const last = buckets.at(-1);
  if (!first || !last) return null;
  const { count, failed } = sumOf(buckets);
  const side = at < 0.2 ? "" : at > 0.8 ? "-translate-x-full" : "-translate-x-1/2";
  return (
    <div
      aria-hidden
      className={`floating pointer-events-none absolute bottom-full z-20 mb-1 flex w-max flex-col rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-2xs ${side}`}
      style={{ left: `${at * 100}%` }}
    >
      <span className="text-muted">{formatRange(first.start, last.start + widthSeconds, zone)}</span>
      <span className="tabular font-medium text-ink">
        {countText(count, 0)}
        {failed > 0 && <span className="text-bad"> · {t("{count} failed", { count: failed })}</span>}
      </span>
    </div>
  );
}
