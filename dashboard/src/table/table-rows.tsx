import { ArrowDown, ArrowUp } from "lucide-react";
import { Fragment, useId, useState } from "react";
import { type Column, isAscending, type Order } from "./columns";
import { FoldButton } from "./fold-button";
import type { Fold } from "./query-table";

export interface RowsProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  /** In the order in which they are shown. */
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  order: Order | null;
  onSort: (column: string) => void;
  dimmed: boolean;
  fold: Fold<Row> | undefined;
}

const alignment = ({ alignRight = false }: { alignRight?: boolean }) =>
  alignRight ? "text-right" : "text-left";

/** The rows on a wide screen, one line each. */
export function TableRows<Row>(props: RowsProps<Row>) {
  const { label, columns, rows, keyOf, order, onSort, dimmed, fold } = props;
  return (
    <table
      aria-label={label}
      aria-busy={dimmed}
      className={`w-full table-fixed border-separate border-spacing-0 text-sm transition-opacity ${dimmed ? "opacity-50" : ""}`}
    >
      <thead>
        <tr>
          {fold && <td className={`${HEAD} w-9`} />}
          {columns.map((column) => (
            <Head key={column.name} column={column} order={order} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <TableRow key={keyOf(row)} row={row} columns={columns} fold={fold} />
        ))}
      </tbody>
    </table>
  );
}

const HEAD =
  "sticky top-(--header-height) z-10 h-9 bg-canvas border-b border-line px-3 text-xs font-medium text-faint";

interface HeadProps<Row> {
  column: Column<Row>;
  order: Order | null;
  onSort: (column: string) => void;
}

function Head<Row>({ column, order, onSort }: HeadProps<Row>) {
  const { name, header, isHeaderHidden = false, sortBy, className = "" } = column;
  const isSorted = order?.column === name;
  const ascending = isSorted && isAscending(column, order);
  const Arrow = ascending ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (ascending ? "ascending" : "descending") : undefined}
      className={`${HEAD} ${alignment(column)} ${className}`}
    >
      {sortBy ? (
        <button
          type="button"
          onClick={() => onSort(name)}
          className={`inline-flex h-6 items-center gap-1 rounded hover:text-ink ${isSorted ? "text-ink" : ""}`}
        >
          {header}
          {isSorted && <Arrow aria-hidden className="size-3" />}
        </button>
      ) : (
        <span className={isHeaderHidden ? "sr-only" : ""}>{header}</span>
      )}
    </th>
  );
}

interface TableRowProps<Row> {
  row: Row;
  columns: readonly Column<Row>[];
  fold: Fold<Row> | undefined;
}

function TableRow<Row>({ row, columns, fold }: TableRowProps<Row>) {
  const [open, setOpen] = useState(false);
  const below = useId();
  return (
    <Fragment>
      <tr className="hover:bg-hover">
        {fold && (
          <td className="border-b border-line pl-1.5">
            <FoldButton label={fold.label(row)} open={open} below={below} onClick={() => setOpen(!open)} />
          </td>
        )}
        {columns.map((column) => (
          <td
            key={column.name}
            className={`h-8 overflow-hidden border-b border-line px-3 whitespace-nowrap ${alignment(column)} ${column.className ?? ""}`}
          >
            {column.cell(row)}
          </td>
        ))}
      </tr>
      {fold && open && (
        <tr id={below}>
          <td colSpan={columns.length + 1} className="border-b border-line pl-9">
            {fold.content(row)}
          </td>
        </tr>
      )}
    </Fragment>
  );
}
