import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getReport, reportFile } from "../api/calls";
import type { ReportName } from "../api/types";
import { WHILE_AWAY } from "../api/while-away";
import { type ReportWindow, windowText } from "./window";

/** Everything that a page of a report asks for begins with it, so that the page reads all of it again at once. */
export const REPORT_KEY = "report";

/** As many rows as the server gives. */
const MAX_ROWS = 1_000;

export interface Asked {
  window: ReportWindow;
  /** The parameters of the report, without the window and the number of rows. */
  query?: Record<string, string>;
  /** Rows at most. */
  limit?: number;
}

/** The rows of a report, when its window began, and the address of the same rows as a file. */
export function useReport<Name extends ReportName>(
  name: Name,
  { window, query = {}, limit = MAX_ROWS }: Asked,
) {
  // A window that began at a moment is longer at each request.
  const asked = () => ({ ...query, window: windowText(window), limit: String(limit) });
  const report = useQuery({
    queryKey: [REPORT_KEY, name, query, window, limit],
    queryFn: ({ signal }) => getReport(name, new URLSearchParams(asked()), signal),
    placeholderData: keepPreviousData,
    ...WHILE_AWAY,
  });
  const { data, error, isPlaceholderData, refetch } = report;
  const since = typeof window === "number" ? window : Date.parse(data?.since ?? "") / 1_000;
  return {
    rows: { data: data?.data, error, isPlaceholderData, refetch },
    /** In epoch seconds; null where the report has no window, and before the answer. */
    since: Number.isFinite(since) ? Math.floor(since) : null,
    /** Whether the log has no more rows than these. */
    isComplete: data === undefined || (data.is_complete && data.data.length < limit),
    file: reportFile(name, new URLSearchParams({ ...asked(), format: "csv" })),
  };
}
