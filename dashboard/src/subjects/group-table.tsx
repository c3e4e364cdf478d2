import type { ReactNode } from "react";
import { secondsOf } from "../alerts/times";
import type { ActivityGroup } from "../api/types";
import type { Column } from "../table/columns";
import { CountBar } from "../table/count-bar";
import { type Fold, QueryTable, type RowsQuery } from "../table/query-table";
import { t } from "../texts/texts";
import { Moment } from "../times/moment";
import { FailedLabel } from "./failed-label";

interface GroupTableProps {
  label: string;
  /** What a group is, at the head of the first column. */
  header: string;
  groups: RowsQuery<ActivityGroup>;
  name: (group: ActivityGroup) => ReactNode;
  nothing?: string;
  fold?: Fold<ActivityGroup>;
}

/** Groups, one line each, in the order that the reader chooses. */
export function GroupTable({ label, header, groups, name, nothing, fold }: GroupTableProps) {
  const most = Math.max(1, ...(groups.data ?? []).map(({ count }) => count));
  const columns: readonly Column<ActivityGroup>[] = [
    {
      name: "name",
      header,
      cell: name,
      sortBy: ({ label, value }) => label ?? value,
      ascending: true,
    },
    {
      name: "count",
      header: t("Activities"),
      className: "w-36 @3xl:w-64",
      cell: ({ count, failed_count }) => <CountBar count={count} failed={failed_count} most={most} />,
      sortBy: ({ count }) => count,
    },
    {
      name: "failed",
      header: t("Failed"),
      className: "w-36",
      alignRight: true,
      cell: ({ count, failed_count }) => <FailedLabel count={count} failed={failed_count} />,
      sortBy: ({ failed_count }) => failed_count,
    },
    {
      name: "last",
      header: t("Last seen"),
      className: "w-36",
      alignRight: true,
      cell: ({ last_at }) => <Moment seconds={secondsOf(last_at)} className="text-muted" />,
      sortBy: ({ last_at }) => secondsOf(last_at),
    },
    {
      name: "first",
      header: t("First seen"),
      className: "hidden w-36 @3xl:table-cell",
      wideOnly: true,
      alignRight: true,
      cell: ({ first_at }) => <Moment seconds={secondsOf(first_at)} className="text-muted" />,
      sortBy: ({ first_at }) => secondsOf(first_at),
    },
  ];
  return (
    <QueryTable
      label={label}
      columns={columns}
      query={groups}
      keyOf={({ value, tenant_id }) => `${value} ${tenant_id}`}
      nothing={nothing ?? t("Nothing happened in this period.")}
      sortedBy="count"
      {...(fold && { fold })}
    />
  );
}
