import { ArrowDown, ArrowUp } from "lucide-react";
import { useId, useState } from "react";
import { t } from "../texts/texts";
import { IconButton } from "../ui/button";
import { Select } from "../ui/select";
import { type Column, isAscending, type Order } from "./columns";
import { FoldButton } from "./fold-button";
import type { Fold } from "./query-table";
import type { RowsProps } from "./table-rows";

/** The rows on a narrow screen: the first column above, and the others below it with their names. */
export function TableCards<Row>(props: RowsProps<Row>) {
  const { label, columns, rows, keyOf, order, onSort, dimmed, fold } = props;
  const shown = columns.filter(({ wideOnly }) => !wideOnly);
  return (
    <>
      <SortChoice label={label} columns={shown} order={order} onSort={onSort} />
      <ul
        aria-label={label}
        aria-busy={dimmed}
        className={`divide-y divide-line text-sm transition-opacity ${dimmed ? "opacity-50" : ""}`}
      >
        {rows.map((row) => (
          <Card key={keyOf(row)} row={row} columns={shown} fold={fold} />
        ))}
      </ul>
    </>
  );
}

/** What a line of a table cuts takes more lines here: a finger finds no tooltip. */
const WHOLE = "wrap-anywhere [&_.truncate]:whitespace-normal";

interface CardProps<Row> {
  row: Row;
  columns: readonly Column<Row>[];
  fold: Fold<Row> | undefined;
}

function Card<Row>({ row, columns: [first, ...others], fold }: CardProps<Row>) {
  const [open, setOpen] = useState(false);
  const below = useId();
  return (
    <li className="flex flex-col gap-0.5 px-3 py-2">
      <div className="flex min-w-0 items-center gap-1">
        {fold && (
          <FoldButton label={fold.label(row)} open={open} below={below} onClick={() => setOpen(!open)} />
        )}
        <div className={`min-w-0 flex-1 ${WHOLE}`}>{first?.cell(row)}</div>
      </div>
      <dl className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-xs">
        {others.map(({ name, header, isHeaderHidden = false, cell }) => (
          <div key={name} className="flex min-w-0 items-center gap-1.5">
            <dt className={isHeaderHidden ? "sr-only" : "shrink-0 text-faint"}>{header}</dt>
            <dd className={`min-w-0 ${WHOLE}`}>{cell(row)}</dd>
          </div>
        ))}
      </dl>
      {fold && open && <div id={below}>{fold.content(row)}</div>}
    </li>
  );
}

interface SortChoiceProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  order: Order | null;
  onSort: (column: string) => void;
}

/** The order, which a table has in its head. */
function SortChoice<Row>({ label, columns, order, onSort }: SortChoiceProps<Row>) {
  const choices = columns.filter(({ sortBy }) => sortBy);
  const current = choices.find(({ name }) => name === order?.column);
  if (!order || !current) return null;
  const ascending = isAscending(current, order);
  const Arrow = ascending ? ArrowUp : ArrowDown;
  return (
    <div className="flex items-center gap-1 border-b border-line px-3 py-1.5">
      <Select
        label={t("Order of {table}", { table: label })}
        value={current.name}
        choices={choices.map(({ name, header }) => ({ value: name, text: header }))}
        onChange={onSort}
      />
      <IconButton
        label={ascending ? t("Largest first") : t("Least first")}
        onClick={() => onSort(current.name)}
      >
        <Arrow aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
