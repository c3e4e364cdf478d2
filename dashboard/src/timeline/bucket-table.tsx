import type { Bucket } from "../api/types";
import { t } from "../texts/texts";
import { useTimes } from "../times/times";
import { formatNumber } from "../ui/format";
import { ScrollRegion } from "../ui/scroll-region";
import { formatRange } from "./times";

interface BucketTableProps {
  buckets: readonly Bucket[];
  widthSeconds: number;
}

/** The chart as a table, the latest first: for readers of screens, and for exact figures. */
export function BucketTable({ buckets, widthSeconds }: BucketTableProps) {
  const times = useTimes();
  return (
    <ScrollRegion label={t("Table over time")} className="max-h-64 overflow-y-auto border-t border-line">
      <table className="w-full max-w-xl text-left text-xs">
        <caption className="sr-only">{t("Activities over time, the latest first")}</caption>
        <thead className="sticky top-0 bg-canvas text-2xs text-faint">
          <tr>
            <th scope="col" className="px-3 py-1 font-medium">
              {t("Time")} <span className="font-normal">{times.zone.name}</span>
            </th>
            <th scope="col" className="px-3 py-1 text-right font-medium">
              {t("Activities")}
            </th>
            <th scope="col" className="px-3 py-1 text-right font-medium">
              {t("Failed")}
            </th>
          </tr>
        </thead>
        <tbody className="tabular">
          {buckets.toReversed().map(({ start, count, failed_count }) => (
            <tr key={start} className="border-t border-line">
              <th scope="row" className="px-3 py-1 font-normal text-muted">
                {formatRange(start, start + widthSeconds, times.zone)}
              </th>
              <td className="px-3 py-1 text-right">{formatNumber(count)}</td>
              <td className={`px-3 py-1 text-right ${failed_count > 0 ? "text-bad" : "text-faint"}`}>
                {formatNumber(failed_count)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
