import { formatNumber, formatPercent } from "../ui/format";

/** How many failed, with their share. Nothing failed: that is quiet. */
export function FailedLabel({ count, failed }: { count: number; failed: number }) {
  if (failed === 0) return <span className="tabular text-faint">0</span>;
  return (
    <span className="tabular text-bad">
      {formatNumber(failed)} <span className="text-2xs">{formatPercent((failed * 100) / count)}</span>
    </span>
  );
}
