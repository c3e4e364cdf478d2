/** What the reports have in common, and which there are. */
import type { ReactNode } from "react";
import type { ReportName, ReportRows } from "../api/types";
import type { Filter, ReportWindow } from "../filters/view";
import { adminAudit } from "./admin-audit";
import { endpointPerformance } from "./endpoint-performance";
import { failedLogins } from "./failed-logins";

/** Where a row leads: to the activities that it stands for, or to one of them. */
export type Target = { filter: Partial<Filter> } | { activity: string };

export interface ReportColumn<Row> {
  header: string;
  alignRight?: boolean;
  /** Its width, and from which width of the screen on it is shown. */
  className: string;
  cell: (row: Row) => ReactNode;
}

export interface ReportKind<Row> {
  title: string;
  /** What it shows, as a sentence. */
  hint: string;
  /** What it says when there is nothing. */
  nothing: string;
  /** How far back it looks if it is not said. */
  window: ReportWindow;
  columns: readonly ReportColumn<Row>[];
  keyOf: (row: Row) => string;
  /** `since` is when the window begins, in epoch seconds. */
  targetOf: (row: Row, since: number) => Target | null;
  /** The filter that matches whatever the report is about; null where there is none. */
  all: ((since: number) => Partial<Filter>) | null;
}

export const KINDS: { [Name in ReportName]: ReportKind<ReportRows[Name]> } = {
  failed_logins: failedLogins,
  endpoint_performance: endpointPerformance,
  admin_audit: adminAudit,
};
