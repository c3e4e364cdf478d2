import { formatNumber } from "../ui/format";

interface CountBarProps {
  count: number;
  failed: number;
  /** The largest of the table. */
  most: number;
}

/** The number, and a bar that compares it with the largest one. The failed part of it is red. */
export function CountBar({ count, failed, most }: CountBarProps) {
  return (
    <span className="flex items-center gap-2">
      <span className="tabular w-14 shrink-0 text-right">{formatNumber(count)}</span>
      <span aria-hidden className="flex h-1.5 min-w-0 flex-1 max-md:w-16">
        <span
          className="rounded-l-sm bg-line-strong"
          style={{ width: `${((count - failed) * 100) / most}%` }}
        />
        <span className="rounded-r-sm bg-bad-solid" style={{ width: `${(failed * 100) / most}%` }} />
      </span>
    </span>
  );
}
