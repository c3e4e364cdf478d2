import { rich, t } from "../texts/texts";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import type { DownloadState } from "./use-download";
import { formatBytes } from "./wish";

/** How far an export is, and how it ended. */
export function ExportProgress({ state, total }: { state: DownloadState; total: number | null }) {
  switch (state.step) {
    case "idle":
      return null;
    case "cancelled":
      return (
        <p role="status" className="text-xs text-muted">
          {t("Cancelled. No file was saved.")}
        </p>
      );
    case "failed":
      return (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-xs text-bad">
          <SenderText text={state.message} lines />
        </p>
      );
    case "saved":
      return (
        <p role="status" className="text-xs">
          {rich("{saved} {rows} rows, {size}: {name}", {
            saved: <span className="text-good">{t("Saved")}</span>,
            rows: formatNumber(state.progress.rows),
            size: formatBytes(state.progress.bytes),
            name: <SenderText text={state.name} />,
          })}
        </p>
      );
    case "reading":
      return <Reading {...state.progress} total={total} />;
  }
}

function Reading({ rows, bytes, total }: { rows: number; bytes: number; total: number | null }) {
  const share = total ? Math.min(rows / total, 1) : 0;
  return (
    <div className="flex flex-col gap-1">
      <div
        role="progressbar"
        aria-label={t("Export")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div className="h-full bg-accent-solid" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="tabular text-2xs text-muted">
        {total === null
          ? t("{rows} rows, {size}", { rows, size: formatBytes(bytes) })
          : t("{rows} of {total} rows, {size}", { rows, total, size: formatBytes(bytes) })}
      </p>
    </div>
  );
}
