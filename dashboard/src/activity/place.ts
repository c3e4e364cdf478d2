/** The list around an activity: an address that opens one shows what happened before and after it. */
import { listActivities } from "../api/calls";
import type { Activity } from "../api/types";
import { filterQuery, type View } from "../filters/view";

/** Where the list has to end, so that the activity stands in the middle of its first page. */
export type Place =
  /** Null: it is among the newest. */
  | { kind: "found"; dateTo: number | null }
  /** The filter does not match it. */
  | { kind: "outside" };

/** Only in the order of time are rows neighbours because they happened one after the other. */
export const hasNeighbours = (view: View): boolean =>
  view.sort_by === "timestamp" && view.sort_order === "desc";

export async function placeOf(activity: Activity, view: View, signal?: AbortSignal): Promise<Place> {
  const at = momentOf(activity);
  const isOutOfRange =
    (view.date_from !== null && at < view.date_from) || (view.date_to !== null && at > view.date_to);
  if (isOutOfRange) return { kind: "outside" };
  const query = filterQuery(view);
  query.set("date_from", activity.occurred_at);
  query.set("sort_by", "timestamp");
  query.set("sort_order", "asc");
  query.set("limit", String(Math.floor(view.limit / 2) + 1));
  query.set("stats", "false");
  const { data, next_cursor } = await listActivities(query, signal);
  if (!data.some(({ id }) => id === activity.id)) return { kind: "outside" };
  // Others of the last one's moment may be on the next page: they would push the activity off this list.
  const last = data.at(-1) ?? activity;
  const newest = data.findLast((row) => row.occurred_at !== last.occurred_at) ?? last;
  return {
    kind: "found",
    dateTo: next_cursor === null ? view.date_to : Math.ceil(momentOf(newest) * 1e3) / 1e3,
  };
}

/** Epoch seconds, to the microsecond. */
function momentOf({ occurred_at }: Activity): number {
  const micros = Number(/\.\d{3}(\d{3})/.exec(occurred_at)?.[1] ?? 0);
  return (Date.parse(occurred_at) * 1_000 + micros) / 1e6;
}
