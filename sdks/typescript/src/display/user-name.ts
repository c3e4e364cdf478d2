/** What users are called. */
import type { StoredActivity } from "../activity.js";

type Named = Pick<StoredActivity, "user_id" | "user_email" | "user_display_name">;

export const isAnonymous = (activity: Pick<Named, "user_id">): boolean =>
  activity.user_id.startsWith("anon-");

export const userName = (activity: Named): string =>
  activity.user_display_name || activity.user_email || activity.user_id;

/** The next best name, where there is one that says more than the first. */
export function userSubtitle(activity: Named): string | null {
  const name = userName(activity);
  if (activity.user_email && activity.user_email !== name) return activity.user_email;
  return activity.user_id !== name ? activity.user_id : null;
}
