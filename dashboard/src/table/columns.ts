/** What a column of a table is, and the order of rows by it. Pure. */
import type { ReactNode } from "react";

export interface Column<Row> {
  /** Names the column in the address, where rows are sorted by it. */
  name: string;
  /** In the language of the page. */
  header: string;
  /** The header is there for readers of screens only. */
  isHeaderHidden?: boolean;
  cell: (row: Row) => ReactNode;
  /** What rows are sorted by. Without it, the column has no order. */
  sortBy?: (row: Row) => string | number | null;
  /** The order begins with the least: for texts. Numbers and times begin with the largest. */
  ascending?: boolean;
  alignRight?: boolean;
  /** Its width, and from which width of the page on it is shown. */
  className?: string;
  /** A narrow screen has no room for it. */
  wideOnly?: boolean;
}

/** By which column rows are sorted, and whether against the order that the column begins with. */
export interface Order {
  column: string;
  reversed: boolean;
}

/** As the address has it: "attempts", or "-attempts" for the reversed order. */
export const readOrder = (text: string): Order => ({
  column: text.replace(/^-/, ""),
  reversed: text.startsWith("-"),
});

export const writeOrder = ({ column, reversed }: Order): string => (reversed ? `-${column}` : column);

export const isAscending = ({ ascending = false }: Pick<Column<never>, "ascending">, { reversed }: Order) =>
  ascending !== reversed;

/** Rows in the order of a column. Rows without a value come last, whatever the order is. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | null,
): readonly Row[] {
  const column = columns.find(({ name }) => name === order?.column);
  const sortBy = column?.sortBy;
  if (!column || !sortBy || !order) return rows;
  const sign = isAscending(column, order) ? 1 : -1;
  return rows.toSorted((one, other) => {
    const [a, b] = [sortBy(one), sortBy(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (typeof a === "string" ? a.localeCompare(String(b)) : a - Number(b));
  });
}
