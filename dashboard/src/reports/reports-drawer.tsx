import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ListFilter, X } from "lucide-react";
import { useId } from "react";
import { getReport } from "../api/calls";
import type { ReportName, ReportRows } from "../api/types";
import { REPORTS, type ReportWindow, WINDOWS } from "../filters/view";
import { ErrorState } from "../states/error-state";
import { Button, IconButton } from "../ui/button";
import { Drawer } from "../ui/drawer";
import { Segments } from "../ui/segments";
import { Select } from "../ui/select";
import { KINDS, type ReportKind, type Target } from "./kinds";
import { ReportTable } from "./report-table";

const WINDOW_NAMES: Record<ReportWindow, string> = {
  "1h": "Last hour",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

interface ReportsDrawerProps {
  report: ReportName;
  /** Null: as far back as the report looks by itself. */
  window: ReportWindow | null;
  onChange: (report: ReportName, window: ReportWindow | null) => void;
  onOpen: (target: Target) => void;
  onClose: () => void;
}

/** Questions that are asked again and again, answered over the whole log. Every answer leads back to it. */
export default function ReportsDrawer({ report, window, onChange, onOpen, onClose }: ReportsDrawerProps) {
  const title = useId();
  const asked = window ?? KINDS[report].window;
  return (
    <Drawer
      titleId={title}
      size="wide"
      onClose={onClose}
      head={
        <>
          <h2 id={title} className="px-1 text-sm font-semibold">
            Reports
          </h2>
          <span className="ml-auto" />
          <IconButton label="Close (Esc)" onClick={onClose}>
            <X aria-hidden className="size-4.5" />
          </IconButton>
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-2 px-4 pt-4">
        <Segments
          label="Report"
          choices={REPORTS.map((name) => ({ value: name, label: KINDS[name].title }))}
          value={report}
          onChange={(name) => onChange(name, window)}
          className="max-md:w-full"
        />
        <Select
          label="Window"
          value={asked}
          choices={WINDOWS.map((choice) => ({ value: choice, text: WINDOW_NAMES[choice] }))}
          onChange={(choice) => onChange(report, choice)}
          className="max-md:w-full"
        />
      </div>
      <Content key={report} name={report} window={asked} onOpen={onOpen} />
    </Drawer>
  );
}

interface ContentProps<Name extends ReportName> {
  name: Name;
  window: ReportWindow;
  onOpen: (target: Target) => void;
}

function Content<Name extends ReportName>({ name, window, onOpen }: ContentProps<Name>) {
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: ["report", name, window],
    queryFn: ({ signal }) => getReport(name, new URLSearchParams({ window }), signal),
    placeholderData: keepPreviousData,
  });
  if (!data) {
    return error ? (
      <ErrorState error={error} onRetry={() => void refetch()} />
    ) : (
      <p role="status" className="p-6 text-xs text-faint">
        Loading the report…
      </p>
    );
  }
  const kind: ReportKind<ReportRows[Name]> = KINDS[name];
  const { all, hint, nothing } = kind;
  const since = Math.floor(Date.parse(data.since ?? "") / 1_000);
  return (
    <>
      <div className="flex min-h-11 items-center gap-3 px-4 pt-2 text-xs text-muted">
        <p className="flex-1">{data.data.length === 0 ? nothing : hint}</p>
        {all && data.data.length > 0 && (
          <Button size="small" onClick={() => onOpen({ filter: all(since) })}>
            <ListFilter aria-hidden className="size-3 text-faint" />
            All in the list
          </Button>
        )}
      </div>
      {data.data.length > 0 && (
        <ReportTable kind={kind} rows={data.data} since={since} dimmed={isPlaceholderData} onOpen={onOpen} />
      )}
    </>
  );
}
