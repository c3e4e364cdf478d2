/** What happened near an activity: before and after in its session, and what shares its request or trace. */
import { listActivities } from "../api/calls";
import type { Activity, ActivityList } from "../api/types";
import { literally } from "../filters/terms";

export interface Neighbours {
  /** Oldest first. */
  before: Activity[];
  after: Activity[];
}

/** On each side. */
export const NEIGHBOURS = 3;
/** A session is mostly no longer. Read as a whole, it answers for each of its activities. */
const SESSION_PAGE = 50;

type Read = (query: URLSearchParams) => Promise<ActivityList>;

export type Shared = "session_id" | "request_id" | "trace_id";

/** The filter of the activities that share this with the given one; null: it has no such id. */
export function sharedFilter(activity: Activity, what: Shared): URLSearchParams | null {
  const value = activity[what];
  if (!value) return null;
  const query = new URLSearchParams({ [what]: literally(value) });
  // Ids of two tenants may be the same.
  if (activity.tenant_id) query.set("tenant_id", literally(activity.tenant_id));
  return query;
}

/** The first activities of a filter, in the order of time. */
export async function readFirst(filter: URLSearchParams, limit: number, signal?: AbortSignal) {
  const { data, next_cursor } = await read(signal)(page(filter, { sort_order: "asc", limit }));
  return { rows: data, hasMore: next_cursor !== null };
}

/** The newest of a session, newest first. Every read of the log is logged, so one answer serves a whole session. */
export const readSession = (filter: URLSearchParams, signal?: AbortSignal) =>
  read(signal)(page(filter, { limit: SESSION_PAGE }));

/** What is around the activity in its session, by what is known of it or, in a long session, by two more requests. */
export async function readNeighbours(
  activity: Activity,
  filter: URLSearchParams,
  session: ActivityList,
  signal?: AbortSignal,
): Promise<Neighbours> {
  const index = session.data.findIndex(({ id }) => id === activity.id);
  const isAllKnown = index >= 0 && (session.next_cursor === null || index + NEIGHBOURS < session.data.length);
  if (isAllKnown) {
    return {
      before: session.data.slice(index + 1, index + 1 + NEIGHBOURS).reverse(),
      after: session.data.slice(Math.max(0, index - NEIGHBOURS), index).reverse(),
    };
  }
  const ask = read(signal);
  const limit = NEIGHBOURS + 1;
  const at = activity.occurred_at;
  const [older, newer] = await Promise.all([
    ask(page(filter, { date_to: at, limit })),
    ask(page(filter, { date_from: at, sort_order: "asc", limit })),
  ]);
  const others = ({ data }: ActivityList) => data.filter(({ id }) => id !== activity.id).slice(0, NEIGHBOURS);
  return { before: others(older).reverse(), after: others(newer) };
}

const read =
  (signal?: AbortSignal): Read =>
  (query) =>
    listActivities(query, signal);

function page(filter: URLSearchParams, rest: Record<string, string | number>): URLSearchParams {
  const query = new URLSearchParams(filter);
  for (const [name, value] of Object.entries({ sort_by: "timestamp", sort_order: "desc", ...rest })) {
    query.set(name, String(value));
  }
  query.set("stats", "false");
  return query;
}
