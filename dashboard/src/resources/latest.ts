/** The resources that activities are about. Pure. */
import type { Activity } from "../api/types";

export interface LatestResource {
  id: string;
  /** How many of the activities are about it. */
  count: number;
  last: Activity;
}

/** Each resource once, the one of the newest activity first. `rows` begin with the newest. */
export function latestOf(rows: readonly Activity[]): LatestResource[] {
  const found = new Map<string, LatestResource>();
  for (const activity of rows) {
    const id = activity.target_resource_id;
    if (!id) continue;
    const known = found.get(id);
    if (known) known.count += 1;
    else found.set(id, { id, count: 1, last: activity });
  }
  return [...found.values()];
}
