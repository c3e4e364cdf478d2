import { isAnonymous } from "../activity/user-name";
import type { Activity, Stats } from "../api/types";

/** What of an activity the cards count. */
export type Countable = Pick<Activity, "timestamp" | "success" | "user_id" | "is_admin" | "duration_ms">;

const DAY_SECONDS = 86_400;

/**
 * Moves the cards by one activity that matches the filter. Exact for counts and rates. The average weighs
 * the new duration against all activities, though some have none. Whether the user is new is not known here. The next
 * answer of the server corrects both.
 */
export function countActivity(stats: Stats, activity: Countable, nowSeconds: number): Stats {
  const total = stats.total_logs + 1;
  const failed = stats.failed_count + (activity.success ? 0 : 1);
  const recent = activity.timestamp > nowSeconds - DAY_SECONDS;
  return {
    ...stats,
    total_logs: total,
    success_count: total - failed,
    failed_count: failed,
    success_rate: ((total - failed) / total) * 100,
    unique_users: Math.max(stats.unique_users, 1),
    anonymous_users: Math.max(stats.anonymous_users, isAnonymous(activity) ? 1 : 0),
    admin_actions: stats.admin_actions + (activity.is_admin ? 1 : 0),
    avg_duration_ms: moveAverage(stats.avg_duration_ms, activity.duration_ms, total),
    last_24h: stats.last_24h + (recent ? 1 : 0),
  };
}

function moveAverage(average: number | null, duration: number | null, count: number): number | null {
  if (duration === null) return average;
  return average === null ? duration : average + (duration - average) / count;
}
