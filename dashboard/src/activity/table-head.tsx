import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import type { SortKey } from "../filters/view";
import { t } from "../texts/texts";
import type { Column } from "./columns";
import { TableMenu } from "./table-menu";

interface TableHeadProps {
  columns: readonly Column[];
  sortBy: SortKey;
  sortOrder: "asc" | "desc";
  onSort: (key: SortKey) => void;
}

export function TableHead({ columns, sortBy, sortOrder, onSort }: TableHeadProps) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column) => (
          <HeaderCell
            key={column.id}
            column={column}
            order={column.sort === sortBy ? sortOrder : null}
            onSort={onSort}
          >
            {column.id === "what" && <TableMenu />}
          </HeaderCell>
        ))}
      </tr>
    </thead>
  );
}

interface HeaderCellProps {
  column: Column;
  order: "asc" | "desc" | null;
  onSort: (key: SortKey) => void;
  children: ReactNode;
}

function HeaderCell({ column, order, onSort, children }: HeaderCellProps) {
  const { header, note, sort, alignRight, className } = column;
  const Arrow = order === "asc" ? ArrowUp : ArrowDown;
  const arrow = <Arrow aria-hidden className={`size-3 ${order ? "" : "opacity-0 group-hover:opacity-50"}`} />;
  return (
    <th
      scope="col"
      aria-sort={order ? (order === "asc" ? "ascending" : "descending") : undefined}
      className={`sticky top-(--header-height) z-10 h-8 border-b border-line bg-surface px-2 font-sans text-xs font-medium text-faint first:pl-3 last:pr-3 ${alignRight ? "text-right" : "text-left"} ${className}`}
    >
      <span className={`flex items-center gap-1 ${alignRight ? "justify-end" : ""}`}>
        {sort ? (
          <button
            type="button"
            onClick={() => onSort(sort)}
            className={`group inline-flex h-6 items-center gap-1 rounded hover:text-ink ${order ? "text-ink" : ""}`}
          >
            {alignRight && arrow}
            {t(header)}
            {!alignRight && arrow}
          </button>
        ) : (
          t(header)
        )}
        {note}
        {children}
      </span>
    </th>
  );
}
