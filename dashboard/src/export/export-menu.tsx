import { Braces, Download, FileSpreadsheet, type LucideIcon } from "lucide-react";
import { exportAddress } from "../api/calls";
import { type ExportFormat, exportQuery, isFiltered, type View } from "../filters/view";
import type { Feed } from "../live/feed";
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
  /** The list that is exported; null while it is not known. */
  feed: Feed | null;
}

/** Downloads what the list shows: the same filters and order, all pages. */
export function ExportMenu({ view, feed }: ExportMenuProps) {
  const total = feed?.stats?.total_logs ?? null;
  return (
    <Popover
      name="Export"
      align="right"
      unavailable={whyNot(view, feed)}
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
            <span className="font-medium text-ink">{total === null ? "All rows" : rows(total)}</span>:{" "}
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

function whyNot(view: View, feed: Feed | null): string | null {
  if (!feed) return "Nothing to export yet: the log is being read";
  // Behind the last page there are no rows, and that says nothing of the pages before.
  const isEmpty = view.page === 1 ? feed.rows.length + feed.pendingCount === 0 : feed.stats?.total_logs === 0;
  return isEmpty ? "Nothing to export: no activity matches" : null;
}

const rows = (total: number) => `${formatNumber(total)} ${total === 1 ? "row" : "rows"}`;
