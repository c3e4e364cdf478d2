/** The types of applications that had an activity log of their own, under the names that they gave them. */
import type { ActivityAction, StoredActivity } from "./activity.js";

/** A row of the log. */
export type ActivityLog = StoredActivity;

/** The figures of a list, for its filter. */
export interface ActivityLogStats {
  total_logs: number;
  success_count: number;
  failed_count: number;
  /** Per cent, with two decimals. */
  success_rate: number;
  unique_users: number;
  anonymous_users: number;
  admin_actions: number;
  /** With two decimals; null where no activity has a duration. */
  avg_duration_ms: number | null;
  p95_duration_ms: number | null;
  /** Of the filter without its dates. */
  last_24h: number;
  /** The action that occurs most. */
  top_action: ActivityAction | null;
}
