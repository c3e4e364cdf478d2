import { Braces, Download, FileSpreadsheet, type LucideIcon } from "lucide-react";
import { exportAddress } from "../api/calls";
import { type ExportFormat, exportQuery, isFiltered, type View } from "../filters/view";
import { formatNumber } from "../ui/format";
import { Popover } from "../ui/popover";

interface Choice {
  format: ExportFormat;
  title: string;
  hint: string;
  icon: LucideIcon;
}

const CHOICES: readonly Choice[] = [
  { format: "csv", title: "CSV", hint: "A table, for spreadsheets", icon: FileSpreadsheet },
  { format: "ndjson", title: "NDJSON", hint: "A JSON object a line, for programs", icon: Braces },
];

interface ExportMenuProps {
  view: View;
  /** How many activities match; null while that is not known. */
  total: number | null;
  exact: boolean;
}

/** Downloads what the list shows: the same filters and order, all pages. */
export function ExportMenu({ view, total, exact }: ExportMenuProps) {
  return (
    <Popover
      name="Export"
      align="right"
      unavailable={whyNot(total)}
      label={
        <>
          <Download aria-hidden className="size-3.5 shrink-0" />
          Export
        </>
      }
    >
      {(close) => (
        <div className="p-1.5">
          <p className="tabular px-2 pt-1.5 pb-2 text-xs text-muted">
            <span className="font-medium text-ink">{rows(total ?? 0, exact)}</span>:{" "}
            {isFiltered(view) ? "what matches the filters" : "the whole log"}, all pages, in the order of the
            list.
          </p>
          <ul>
            {CHOICES.map(({ format, title, hint, icon: Icon }) => (
              <li key={format}>
                <a
                  href={exportAddress(exportQuery(view, format))}
                  download
                  onClick={close}
                  className="flex items-center gap-2.5 rounded-md px-2 py-1.5 hover:bg-hover"
                >
                  <Icon aria-hidden className="size-4 shrink-0 text-faint" />
                  <span className="flex flex-col">
                    <span className="text-xs font-medium text-ink">{title}</span>
                    <span className="text-2xs text-faint">{hint}</span>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Popover>
  );
}

function whyNot(total: number | null): string | null {
  if (total === null) return "Nothing to export yet: the log is being read";
  return total === 0 ? "Nothing to export: no activity matches" : null;
}

const rows = (total: number, exact: boolean) =>
  `${exact ? "" : "About "}${formatNumber(total)} ${total === 1 ? "row" : "rows"}`;
