import { ArrowDown } from "lucide-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { secondsOf } from "../alerts/times";
import type { ActivityGroup } from "../api/types";
import { Moment } from "../times/moment";
import { formatNumber } from "../ui/format";
import { FailedLabel } from "./failed-label";

const ORDERS = ["count", "failed", "last"] as const;
type Order = (typeof ORDERS)[number];

const VALUES: Record<Order, (group: ActivityGroup) => number> = {
  count: (group) => group.count,
  failed: (group) => group.failed_count,
  last: (group) => secondsOf(group.last_at),
};

const COLUMNS: readonly { order: Order; header: string; className: string }[] = [
  { order: "count", header: "Activities", className: "w-36 @3xl:w-64" },
  { order: "failed", header: "Failed", className: "w-24 text-right" },
  { order: "last", header: "Last seen", className: "w-32 text-right hidden @md:table-cell" },
];

const orderParser = parseAsStringLiteral(ORDERS).withDefault("count").withOptions({ history: "push" });

interface GroupTableProps {
  label: string;
  /** What a group is, at the head of the first column. */
  header: string;
  groups: readonly ActivityGroup[];
  dimmed: boolean;
  name: (group: ActivityGroup) => ReactNode;
}

/** Groups, one line each, in the order that the reader chooses. */
export function GroupTable({ label, header, groups, dimmed, name }: GroupTableProps) {
  const [order, setOrder] = useQueryState("sort", orderParser);
  const most = Math.max(1, ...groups.map(({ count }) => count));
  const sorted = groups.toSorted((a, b) => VALUES[order](b) - VALUES[order](a));
  return (
    <table
      aria-label={label}
      aria-busy={dimmed}
      className={`w-full table-fixed border-separate border-spacing-0 text-sm transition-opacity ${dimmed ? "opacity-50" : ""}`}
    >
      <thead>
        <tr>
          <th scope="col" className={`${HEAD} text-left`}>
            {header}
          </th>
          {COLUMNS.map((column) => (
            <th
              key={column.order}
              scope="col"
              aria-sort={column.order === order ? "descending" : undefined}
              className={`${HEAD} text-left ${column.className}`}
            >
              <button
                type="button"
                onClick={() => setOrder(column.order)}
                className={`inline-flex h-6 items-center gap-1 rounded hover:text-ink ${column.order === order ? "text-ink" : ""}`}
              >
                {column.header}
                {column.order === order && <ArrowDown aria-hidden className="size-3" />}
              </button>
            </th>
          ))}
          <th scope="col" className={`${HEAD} hidden w-32 text-right @3xl:table-cell`}>
            First seen
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((group) => (
          <tr key={`${group.value} ${group.tenant_id}`} className="hover:bg-hover">
            <td className={`${CELL} truncate`}>{name(group)}</td>
            <td className={CELL}>
              <CountBar count={group.count} failed={group.failed_count} most={most} />
            </td>
            <td className={`${CELL} text-right`}>
              <FailedLabel count={group.count} failed={group.failed_count} />
            </td>
            <td className={`${CELL} hidden text-right text-muted @md:table-cell`}>
              <Moment seconds={secondsOf(group.last_at)} />
            </td>
            <td className={`${CELL} hidden text-right text-muted @3xl:table-cell`}>
              <Moment seconds={secondsOf(group.first_at)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const HEAD =
  "sticky top-(--header-height) z-10 h-9 bg-canvas border-b border-line px-3 text-xs font-medium text-faint";
const CELL = "h-7 overflow-hidden border-b border-line px-3 whitespace-nowrap";

/** The number, and a bar that compares it with the largest one. The failed part of it is red. */
function CountBar({ count, failed, most }: { count: number; failed: number; most: number }) {
  return (
    <span className="flex items-center gap-2">
      <span className="tabular w-14 shrink-0 text-right">{formatNumber(count)}</span>
      <span aria-hidden className="flex h-1.5 min-w-0 flex-1">
        <span
          className="rounded-l-sm bg-line-strong"
          style={{ width: `${((count - failed) * 100) / most}%` }}
        />
        <span className="rounded-r-sm bg-bad-solid" style={{ width: `${(failed * 100) / most}%` }} />
      </span>
    </span>
  );
}
