/** The lines of the answer to a back-test. The server's description of the API has one shape an answer, so none of these. */
import type { Alert } from "./types";

/** An alert that a rule would have raised. Nobody has decided anything about it. */
export type BackTestAlert = Omit<
  Alert,
  "raised_at" | "ongoing" | "state" | "decided_by" | "decided_at" | "reason" | "muted_until"
>;

export interface BackTestGroup {
  group: Alert["group"];
  tenant_id: string | null;
  alerts: number;
  activities: number;
}

export interface BackTestResult {
  type: "result";
  /** How many activities the rule was about. */
  activities: number;
  alerts: number;
  per_day: { day: string; alerts: number }[];
  /** The groups with the most alerts. */
  groups: BackTestGroup[];
  first: BackTestAlert[];
  /** The first activity that was not judged, because the rule had as many groups as it may have. */
  saturated_since: number | null;
  /** When the last activity that was read happened, if the rule raised too many alerts and was stopped. */
  stopped_at: string | null;
}

export type BackTestLine =
  | { type: "progress"; read: number; of: number }
  | BackTestResult
  | { type: "failed"; detail: string };
