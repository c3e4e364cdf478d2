import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getReport, reportFile } from "../api/calls";
import type { ReportName } from "../api/types";
import { WHILE_AWAY } from "../api/while-away";
import { datesOf, type ReportWindow } from "./window";

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

/** The rows of a report, the dates of its time, and the address of the same rows as a file. */
export function useReport<Name extends ReportName>(
  name: Name,
  { window, query = {}, limit = MAX_ROWS }: Asked,
) {
  const time = typeof window === "string" ? { window } : datesOf(window);
  const asked = new URLSearchParams({ ...query, ...time, limit: String(limit) });
  const report = useQuery({
    queryKey: [REPORT_KEY, name, query, window, limit],
    queryFn: ({ signal }) => getReport(name, asked, signal),
    placeholderData: keepPreviousData,
    ...WHILE_AWAY,
  });
  const { data, error, isPlaceholderData, refetch } = report;
  const since = Date.parse(data?.since ?? "") / 1_000;
  const isKnown = typeof window === "string" && Number.isFinite(since);
  const file = new URLSearchParams(asked);
  file.set("format", "csv");
  return {
    rows: { data: data?.data, error, isPlaceholderData, refetch },
    /** As filters have them: what the answer is about, also when it is some minutes old. */
    dates: isKnown ? { date_from: String(Math.floor(since)) } : datesOf(window),
    /** Whether the log has no more rows than these. */
    isComplete: data === undefined || (data.is_complete && data.data.length < limit),
    file: reportFile(name, file),
  };
}
