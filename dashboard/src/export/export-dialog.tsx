import { Download } from "lucide-react";
import { useState } from "react";
import { exportAddress } from "../api/calls";
import type { Activity } from "../api/types";
import { type ExportFormat, isFiltered, type View } from "../filters/view";
import { plural, rich, type Text, t } from "../texts/texts";
import { Button } from "../ui/button";
import { CheckLine } from "../ui/check-line";
import { CodeBlock } from "../ui/code-block";
import { Modal } from "../ui/modal";
import { Segments } from "../ui/segments";
import { ColumnChoice } from "./column-choice";
import { ExportProgress } from "./export-progress";
import { useDownload } from "./use-download";
import { commandOf, type ExportWish, estimatedBytes, formatBytes, wishQuery } from "./wish";

const FORMATS = [
  { value: "csv", label: "CSV, for spreadsheets" },
  { value: "ndjson", label: "NDJSON, for programs" },
] as const satisfies readonly { value: ExportFormat; label: Text }[];

/** More than this goes from the server to the disk without the page, which would have to hold it. */
const MAX_HELD_BYTES = 200_000_000;

interface ExportDialogProps {
  view: View;
  /** Rows of the list: their sizes tell that of the file. */
  rows: readonly Activity[];
  total: number | null;
  onClose: () => void;
}

/** Chooses the form of an export, and saves it. */
export default function ExportDialog({ view, rows, total, onClose }: ExportDialogProps) {
  const [wish, setWish] = useState<ExportWish>({ format: "csv", columns: null, forExcel: false });
  const { state, start, cancel } = useDownload();
  const change = (next: Partial<ExportWish>) => setWish({ ...wish, ...next });
  const query = wishQuery(view, wish);
  const bytes = total === null ? null : estimatedBytes(rows, total, wish);
  const isReading = state.step === "reading";
  const hasColumns = wish.columns === null || wish.columns.length > 0;
  const look = "inline-flex h-8 items-center justify-center gap-1.5 rounded-md px-2.5 text-xs font-medium";
  return (
    <Modal title={t("Export")} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="tabular text-xs text-muted">
          {rich(isFiltered(view) ? MATCHES : WHOLE_LOG, {
            rows: (
              <>
                <span className="font-medium text-ink">{total === null ? t("All rows") : rowsOf(total)}</span>
                {bytes !== null && t(", about {size}", { size: formatBytes(bytes) })}
              </>
            ),
          })}
        </p>
        <Segments
          label={t("Format")}
          choices={FORMATS.map((format) => ({ ...format, label: t(format.label) }))}
          value={wish.format}
          onChange={(format) => change({ format })}
        />
        <ColumnChoice chosen={wish.columns} onChange={(columns) => change({ columns })} />
        {wish.format === "csv" && (
          <CheckLine
            label={t("For Excel")}
            hint={t("The file begins with a byte order mark, by which Excel knows its encoding.")}
            checked={wish.forExcel}
            onChange={(forExcel) => change({ forExcel })}
          />
        )}
        <ExportProgress state={state} total={total} />
        <div className="flex items-center justify-end gap-2">
          {isReading ? (
            <Button onClick={cancel}>{t("Cancel")}</Button>
          ) : bytes !== null && bytes > MAX_HELD_BYTES ? (
            <a
              href={exportAddress(query)}
              download
              onClick={onClose}
              className={`${look} bg-accent-solid text-white hover:brightness-110`}
            >
              <Download aria-hidden className="size-3.5" />
              {t("Download with the browser")}
            </a>
          ) : (
            <Button
              look="primary"
              aria-disabled={!hasColumns || undefined}
              onClick={() => hasColumns && void start(exportAddress(query))}
            >
              <Download aria-hidden className="size-3.5" />
              {t("Download")}
            </Button>
          )}
        </div>
        <details className="text-xs">
          <summary className="cursor-pointer text-muted">{t("On the command line")}</summary>
          <div className="mt-2 flex flex-col gap-1.5">
            <CodeBlock label={t("Command to export")} code={commandOf(query, window.location.origin)} />
            <p className="text-2xs text-muted">{t("It takes an API key from LIVETRAIL_KEY.")}</p>
          </div>
        </details>
      </div>
    </Modal>
  );
}

const MATCHES = "{rows}: what matches the filters, all pages, in the order of the list. Times are in UTC.";
const WHOLE_LOG = "{rows}: the whole log, all pages, in the order of the list. Times are in UTC.";

const rowsOf = (total: number) => plural(total, "{count} row", "{count} rows");
