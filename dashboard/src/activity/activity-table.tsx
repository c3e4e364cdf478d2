import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, type ReactNode } from "react";
import type { Activity } from "../api/types";
import type { SortKey } from "../filters/view";
import type { RowListProps } from "./row-list";
import { type Column, SECTIONS } from "./sections";

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Activity>();
const layout = new Map<string, Column>();
const columns = helper.columns(
  SECTIONS.flatMap(({ id, column }) => {
    if (!column) return [];
    layout.set(id, column);
    return [helper.display({ id, header: column.header, cell: ({ row }) => column.cell(row.original) })];
  }),
);

interface ActivityTableProps extends RowListProps {
  sortBy: SortKey;
  sortOrder: "asc" | "desc";
  onSort: (key: SortKey) => void;
}

export function ActivityTable({
  rows,
  fresh,
  openId,
  dimmed,
  onOpen,
  sortBy,
  sortOrder,
  onSort,
}: ActivityTableProps) {
  const table = useTable({ features, columns, data: rows, getRowId: (activity) => activity.id });
  return (
    <table
      aria-label="Activities"
      aria-busy={dimmed}
      className={`w-full table-fixed border-separate border-spacing-0 text-sm transition-opacity ${dimmed ? "opacity-50" : ""}`}
    >
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => (
              <HeaderCell
                key={header.id}
                column={layout.get(header.column.id)}
                order={layout.get(header.column.id)?.sort === sortBy ? sortOrder : null}
                onSort={onSort}
              />
            ))}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <TableRow
            key={row.id}
            activity={row.original}
            fresh={fresh.has(row.id)}
            open={row.id === openId}
            onOpen={onOpen}
            cells={() =>
              row.getAllCells().map((cell) => (
                <Cell key={cell.id} column={layout.get(cell.column.id)}>
                  <table.FlexRender cell={cell} />
                </Cell>
              ))
            }
          />
        ))}
      </tbody>
    </table>
  );
}

interface HeaderCellProps {
  column: Column | undefined;
  order: "asc" | "desc" | null;
  onSort: (key: SortKey) => void;
}

function HeaderCell({ column, order, onSort }: HeaderCellProps) {
  if (!column) return null;
  const { header, sort, alignRight, className } = column;
  const Arrow = order === "asc" ? ArrowUp : ArrowDown;
  const arrow = <Arrow aria-hidden className={`size-3 ${order ? "" : "opacity-0 group-hover:opacity-50"}`} />;
  return (
    <th
      scope="col"
      aria-sort={order ? (order === "asc" ? "ascending" : "descending") : undefined}
      className={`sticky top-(--header-height) z-10 h-9 border-b border-line bg-surface px-3 text-xs font-medium text-faint first:pl-4 last:pr-4 ${alignRight ? "text-right" : "text-left"} ${className}`}
    >
      {sort ? (
        <button
          type="button"
          onClick={() => onSort(sort)}
          className={`group inline-flex items-center gap-1 rounded align-middle hover:text-ink ${order ? "text-ink" : ""}`}
        >
          {alignRight && arrow}
          {header}
          {!alignRight && arrow}
        </button>
      ) : (
        header
      )}
    </th>
  );
}

function Cell({ column, children }: { column: Column | undefined; children: ReactNode }) {
  return (
    <td
      className={`h-11 overflow-hidden border-b border-line px-3 first:pl-4 last:pr-4 ${column?.alignRight ? "text-right" : ""} ${column?.className ?? ""}`}
    >
      {children}
    </td>
  );
}

interface TableRowProps {
  activity: Activity;
  fresh: boolean;
  open: boolean;
  onOpen: (id: string) => void;
  cells: () => ReactNode;
}

/** An activity never changes, so a row renders again only when it is opened or closed. */
const TableRow = memo(
  function TableRow({ activity, fresh, open, onOpen, cells }: TableRowProps) {
    return (
      <tr
        data-activity={activity.id}
        aria-selected={open || undefined}
        onClick={() => {
          if (window.getSelection()?.isCollapsed !== false) onOpen(activity.id);
        }}
        className={`group/row relative cursor-pointer transition-colors ${open ? "bg-accent-soft" : "hover:bg-hover focus-within:bg-hover"} ${fresh ? "animate-arrive" : ""} ${activity.success ? "" : "shadow-[inset_2px_0_0_var(--bad)]"}`}
      >
        {cells()}
      </tr>
    );
  },
  (before, after) =>
    before.activity === after.activity &&
    before.fresh === after.fresh &&
    before.open === after.open &&
    before.onOpen === after.onOpen,
);
