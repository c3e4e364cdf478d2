import { memo, type ReactNode } from "react";
import type { Column, RowFacts } from "./columns";

interface ActivityRowProps extends RowFacts {
  columns: readonly Column[];
  /** Its line in the whole table, from 1. */
  line: number;
  fresh: boolean;
  open: boolean;
  onOpen: (id: string) => void;
}

export function ActivityRow({ line, fresh, open, onOpen, ...cells }: ActivityRowProps) {
  const { activity } = cells.entry;
  return (
    <tr
      data-activity={activity.id}
      aria-rowindex={line}
      aria-selected={open || undefined}
      onClick={() => {
        if (window.getSelection()?.isCollapsed !== false) onOpen(activity.id);
      }}
      className={`relative cursor-pointer ${open ? "bg-accent-soft" : "hover:bg-hover focus-within:bg-hover"} ${fresh ? "animate-arrive" : ""} ${edgeOf(activity.success, open)}`}
    >
      <Cells {...cells} />
    </tr>
  );
}

/** The edge tells failures, and the row that is open, from the others at a glance. */
function edgeOf(success: boolean, open: boolean): string {
  if (open) return "shadow-[inset_2px_0_0_var(--accent)]";
  return success ? "" : "shadow-[inset_2px_0_0_var(--bad)]";
}

/** An activity never changes, so its cells are drawn anew only when its run, its bar or the columns change. */
const Cells = memo(
  function Cells({ columns, ...row }: RowFacts & { columns: readonly Column[] }) {
    return columns.map((column) => (
      <Cell key={column.id} column={column}>
        {column.cell(row)}
      </Cell>
    ));
  },
  (before, after) =>
    before.columns === after.columns &&
    before.dated === after.dated &&
    before.share === after.share &&
    before.onFold === after.onFold &&
    isSameEntry(before.entry, after.entry),
);

function isSameEntry(a: RowFacts["entry"], b: RowFacts["entry"]): boolean {
  if (a.activity !== b.activity || a.isHead !== b.isHead || !a.run !== !b.run) return false;
  if (!a.run || !b.run) return true;
  // Rows enter at the head and leave at the end.
  return (
    a.run.isOpen === b.run.isOpen &&
    a.run.rows.length === b.run.rows.length &&
    a.run.rows.at(-1) === b.run.rows.at(-1)
  );
}

function Cell({ column, children }: { column: Column; children: ReactNode }) {
  return (
    <td
      className={`h-(--row) overflow-hidden border-b border-line px-2 py-0 first:pl-3 last:pr-3 ${column.alignRight ? "text-right" : ""} ${column.className}`}
    >
      {children}
    </td>
  );
}
