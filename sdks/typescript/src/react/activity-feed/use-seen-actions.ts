import { useEffect, useState } from "react";
import type { StoredActivity } from "../../activity.js";

/** The action types of all activities that were shown, in order. A filter must not take away the other choices. */
export function useSeenActions(activities: readonly StoredActivity[]): readonly string[] {
  const [seen, setSeen] = useState<readonly string[]>([]);
  useEffect(() => {
    const all = new Set([...seen, ...activities.map(({ action_type }) => action_type)]);
    if (all.size > seen.length) setSeen([...all].sort());
  }, [activities, seen]);
  return seen;
}
