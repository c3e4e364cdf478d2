/**
 * The shapes of the alerts' API. They stand here until the server's description of the API has them; then each becomes
 * one of `Schemas`, as in `types.ts`.
 */
import type { CatalogueAction } from "./types";

export const SEVERITIES = ["critical", "warning", "notice", "info"] as const satisfies readonly Severity[];
export type Severity = CatalogueAction["severity"];

export const ALERT_STATES = ["open", "acknowledged", "resolved"] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** What the activities of an alert have in common, by the name of the field. */
export type AlertGroup = Record<string, unknown>;

/** The times are RFC 3339. */
export interface Alert {
  id: string;
  rule: string;
  rule_version: string;
  title: string;
  severity: Severity;
  tenant_id: string | null;
  group: AlertGroup;
  /** Of the activity that raised it. */
  position: number;
  raised_at: string;
  first_at: string;
  last_at: string;
  count: number;
  /** The activity that raised it arrived long after it happened. */
  late: boolean;
  ongoing: boolean;
  /** Of its first hundred activities. */
  positions: number[];
  state: AlertState;
  decided_by: string | null;
  decided_at: string | null;
  reason: string | null;
  muted_until: string | null;
  /** The filter of the log that shows its activities, as a query; empty if no filter can say it. */
  activities: string;
}

export interface AlertList {
  data: Alert[];
  next_cursor: string | null;
  /** How many alerts are open, whatever the filter is. */
  open: number;
}

export interface AlertRule {
  id: string;
  title: string;
  description: string | null;
  severity: Severity;
  enabled: boolean;
  built_in: boolean;
  /** It is built in, and was changed here. */
  changed: boolean;
  tenant_id: string | null;
  version: string;
  /** The rule as TOML. */
  definition: string;
  changed_by: string | null;
  changed_at: string | null;
  /** How many of its alerts are open. */
  open: number;
  /** Since this position there are more groups than the rule can remember. */
  saturated_since: number | null;
  /** Why this version of the server cannot read the rule; empty for a rule that it can. */
  faults: string[];
}

export interface AlertRuleList {
  data: AlertRule[];
}

/** What is decided about an alert. */
export type Decision = "acknowledge" | "resolve" | "mute";
export interface DecisionBody {
  reason?: string;
  /** Of `mute`: when it ends; null ends it now. */
  until?: string | null;
}

/** An alert that a rule would have raised. Nobody has decided anything about it. */
export type BackTestAlert = Pick<
  Alert,
  "id" | "group" | "position" | "raised_at" | "first_at" | "last_at" | "count" | "late" | "tenant_id"
>;

export interface BackTestResult {
  type: "result";
  /** How many activities the rule was about. */
  activities: number;
  alerts: number;
  per_day: { day: string; alerts: number }[];
  /** The groups with the most alerts. */
  groups: { group: AlertGroup; alerts: number; activities: number }[];
  first: BackTestAlert[];
}

/** A line of the answer to a back-test. */
export type BackTestLine =
  | { type: "progress"; read: number; of: number }
  | BackTestResult
  | { type: "failed"; detail: string };
