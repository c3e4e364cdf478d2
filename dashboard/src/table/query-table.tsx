import { type ReactNode, useState } from "react";
import { ErrorState } from "../states/error-state";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { useWide } from "../ui/use-media";
import { type Column, sortRows } from "./columns";
import { TableCards } from "./table-cards";
import { TableRows } from "./table-rows";
import { TableSkeleton } from "./table-skeleton";
import { useOrder } from "./use-order";

/** What a table needs of a query of its rows. */
export interface RowsQuery<Row> {
  data: readonly Row[] | undefined;
  error: Error | null;
  /** The rows are those of the former question, while the next answer is on its way. */
  isPlaceholderData?: boolean;
  refetch: () => unknown;
}

/** What is folded under each row. */
export interface Fold<Row> {
  /** What the button is called that unfolds it. */
  label: (row: Row) => string;
  content: (row: Row) => ReactNode;
}

export interface QueryTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  query: RowsQuery<Row>;
  keyOf: (row: Row) => string;
  /** What it says where there are no rows. */
  nothing: ReactNode;
  /** The order in which it begins; without one, rows stand in the order of the server. */
  sortedBy?: string;
  /** The parameter of the address that has the order, where a page has several tables. */
  parameter?: string;
  fold?: Fold<Row>;
  /** How many rows are drawn before the reader asks for all of them. */
  firstRows?: number;
}

/** More rows at once would take longer to draw than a reader waits. */
const MAX_FIRST_ROWS = 200;

/** The rows of a query: as a table, or on a narrow screen one below the other. */
export function QueryTable<Row>(props: QueryTableProps<Row>) {
  const {
    label,
    columns,
    query,
    keyOf,
    nothing,
    sortedBy = null,
    parameter,
    fold,
    firstRows = MAX_FIRST_ROWS,
  } = props;
  const { data, error, isPlaceholderData = false, refetch } = query;
  const { order, choose } = useOrder(sortedBy, parameter);
  const [isWhole, setWhole] = useState(false);
  const wide = useWide();
  if (!data) {
    if (!error) return <TableSkeleton label={label} />;
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  const Rows = wide ? TableRows : TableCards;
  const sorted = sortRows(data, columns, order);
  const rows = isWhole ? sorted : sorted.slice(0, firstRows);
  return (
    <>
      {error && (
        <p role="alert" className="px-3 py-1.5 text-2xs text-bad">
          {rich("Not refreshed: {reason}", { reason: <SenderText text={error.message} lines /> })}
        </p>
      )}
      {data.length === 0 ? (
        <p className="px-3 py-10 text-center text-muted">{nothing}</p>
      ) : (
        <Rows
          label={label}
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          order={order}
          onSort={choose}
          dimmed={isPlaceholderData}
          fold={fold}
        />
      )}
      {rows.length < data.length && (
        <div className="flex justify-center py-3">
          <Button onClick={() => setWhole(true)}>{t("Show all {count} rows", { count: data.length })}</Button>
        </div>
      )}
    </>
  );
}
