/** The activities on the screen: a page of history that the stream continues. Pure, so that every rule can be tested. */
import type { StoredActivity } from "../activity.js";
import type { ActivityPage, Older } from "./page.js";

export interface Rows {
  /** The newest first, each once, and without a gap down to the last one. */
  readonly rows: readonly StoredActivity[];
  /** Where the next older page begins. Null: there is none. */
  readonly older: Older | null;
  /** Whether rows stand where their time puts them, as in a list, and not as they came. */
  readonly byTime: boolean;
}

export const NO_ROWS: Rows = { rows: [], older: null, byTime: false };

/** The first page of the list. */
export function fromPage(page: ActivityPage): Rows {
  return { rows: page.data, older: after(page, null), byTime: true };
}

/** Adds what the stream has brought, and drops the oldest of more than `most`. */
export function withArrived(rows: Rows, arrived: readonly StoredActivity[], most: number): Rows {
  return trimmed(arrived.reduce(withOne, rows), most);
}

/** Adds the page that was asked for with `rows.older`. */
export function withOlder(rows: Rows, page: ActivityPage, most: number): Rows {
  const known = new Set(rows.rows.map(({ id }) => id));
  const added = page.data.filter(({ id }) => !known.has(id));
  const all = { ...rows, rows: [...rows.rows, ...added].sort(newestFirst), older: after(page, rows.older) };
  return trimmed(all, most);
}

/** Lets in what was held back. */
export function withPending(rows: Rows, pending: Rows, most: number): Rows {
  // Where not all of it could be held, the rows before have a gap above them: they are loaded again when they are wanted.
  if (pending.older) return trimmed(pending, most);
  return withArrived(rows, [...pending.rows].reverse(), most);
}

/** Nothing is shown, and what was or would have been can be loaded again. */
export function withoutRows({ rows, older, byTime }: Rows, pending: Rows): Rows {
  const newest = pending.rows[0] ?? rows[0];
  return { rows: [], older: byTime && newest ? untilOf(newest) : older, byTime };
}

export function isKnown(rows: readonly StoredActivity[], { id }: StoredActivity): boolean {
  return rows.some((row) => row.id === id);
}

function withOne(rows: Rows, activity: StoredActivity): Rows {
  if (isKnown(rows.rows, activity)) return rows;
  const place = rows.byTime ? placeOf(rows.rows, activity) : 0;
  const last = rows.rows.at(-1);
  // It is older than everything that was read. A later page has it, but not one of a cursor, which pins the past.
  if (place === rows.rows.length && rows.older && last) return { ...rows, older: untilOf(last) };
  return { ...rows, rows: [...rows.rows.slice(0, place), activity, ...rows.rows.slice(place)] };
}

function placeOf(rows: readonly StoredActivity[], activity: StoredActivity): number {
  const place = rows.findIndex((row) => newestFirst(activity, row) < 0);
  return place < 0 ? rows.length : place;
}

function trimmed(rows: Rows, most: number): Rows {
  if (rows.rows.length <= most) return rows;
  const kept = rows.rows.slice(0, most);
  const last = kept.at(-1);
  return { ...rows, rows: kept, older: rows.byTime && last ? untilOf(last) : null };
}

/** Both ends of a range of dates belong to it: those of the same moment come again, and are known by their ids. */
function untilOf({ occurred_at }: StoredActivity): Older {
  return { until: occurred_at };
}

/** A cursor goes on with the filter it began with, so the time that a page was asked for stays. */
function after({ next_cursor }: ActivityPage, asked: Older | null): Older | null {
  return next_cursor ? { until: asked?.until, cursor: next_cursor } : null;
}

/** The order of the list. `occurred_at` is always UTC with microseconds, so its text sorts as time does. */
function newestFirst(a: StoredActivity, b: StoredActivity): number {
  if (a.occurred_at !== b.occurred_at) return a.occurred_at < b.occurred_at ? 1 : -1;
  return b.position - a.position;
}
