import type { ReportKind, Target } from "./kinds";

interface ReportTableProps<Row> {
  kind: ReportKind<Row>;
  rows: readonly Row[];
  /** When the window begins, in epoch seconds. */
  since: number;
  dimmed: boolean;
  onOpen: (target: Target) => void;
}

export function ReportTable<Row>({ kind, rows, since, dimmed, onOpen }: ReportTableProps<Row>) {
  const { title, columns, keyOf, targetOf } = kind;
  return (
    <div className="px-2">
      <table
        aria-label={title}
        aria-busy={dimmed}
        className={`w-full table-fixed border-separate border-spacing-0 text-sm transition-opacity ${dimmed ? "opacity-50" : ""}`}
      >
        <thead>
          <tr>
            {columns.map(({ header, alignRight, className }) => (
              <th
                key={header}
                scope="col"
                className={`sticky top-0 z-10 h-9 border-b border-line bg-surface px-2 text-xs font-medium text-faint ${alignRight ? "text-right" : "text-left"} ${className}`}
              >
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const target = targetOf(row, since);
            return (
              <tr key={keyOf(row)} className={target ? "relative hover:bg-hover focus-within:bg-hover" : ""}>
                {columns.map(({ header, alignRight, className, cell }, index) => (
                  <td
                    key={header}
                    className={`h-11 overflow-hidden border-b border-line px-2 ${alignRight ? "text-right" : ""} ${className}`}
                  >
                    {index === 0 && target ? (
                      // Stretched over its whole row, so that a click anywhere opens it.
                      <button
                        type="button"
                        onClick={() => onOpen(target)}
                        className="w-full min-w-0 text-left after:absolute after:inset-0"
                      >
                        {cell(row)}
                      </button>
                    ) : (
                      cell(row)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
