/**
 * The rows and figures on the screen: a page of history that the stream continues. Pure, so that every rule
 * of joining the two can be tested without a network.
 */
import type { Activity, ActivityList, Stats } from "../api/types";
import { countActivity } from "../stats/arithmetic";

/**
 * Where a stream goes on from a list. Every list that starts anew has an anchor of its own, though filter and
 * head may be the same, and whatever else belongs to that list names it.
 */
export interface Anchor {
  readonly filter: string;
  /** The cursor of the list's head; null: only what happens from now on. */
  readonly head: string | null;
}

export interface Feed {
  anchor: Anchor;
  rows: readonly Activity[];
  /** Arrived but held back, newest first; at most one page of them, however many are counted. */
  pending: readonly Activity[];
  pendingCount: number;
  pendingFailed: number;
  /** Rows to highlight because the stream brought them, unless it brought too many at once to tell apart. */
  fresh: ReadonlySet<string>;
  /** Rows from the stream have pushed others off the page that was loaded. */
  shifted: boolean;
  total: number;
  stats: Stats;
  limit: number;
  /** The stream is in order of position, so whatever is not beyond this has been counted already. */
  lastPosition: number;
  /** The figures, as the server gave them, contain everything up to here, arrived or not. */
  figuresUpTo: number;
  /** Arrived since a request for the server's figures was sent: perhaps in its answer, perhaps not. */
  sinceAsked: readonly Activity[] | null;
}

export type FeedEvent =
  | { type: "loaded"; anchor: Anchor; list: ActivityList; live: boolean }
  | { type: "arrived"; anchor: Anchor; activities: readonly Activity[]; hold: boolean; now: number }
  | { type: "asked"; anchor: Anchor }
  | { type: "reconciled"; anchor: Anchor; list: ActivityList; now: number }
  | { type: "released" };

const MOST_HIGHLIGHTED = 10;
const NONE: ReadonlySet<string> = new Set();

export function reduceFeed(feed: Feed | null, event: FeedEvent): Feed | null {
  if (event.type === "loaded") return load(feed, event.anchor, event.list, event.live);
  if (!feed) return null;
  if (event.type === "released") return release(feed);
  // A stream is closed a moment after the next list has come, and an answer may be late: not for this list.
  if (event.anchor !== feed.anchor) return feed;
  switch (event.type) {
    case "arrived":
      return arrive(feed, event.activities, event.hold, event.now);
    case "asked":
      return { ...feed, sinceAsked: [] };
    case "reconciled":
      return reconcile(feed, event.list, event.now);
  }
}

/** Starts anew, except with another page of the same filter: the stream goes on, and what waits still waits. */
function load(feed: Feed | null, anchor: Anchor, list: ActivityList, live: boolean): Feed {
  const kept = !live && feed?.anchor.filter === anchor.filter ? feed : null;
  return {
    anchor: kept?.anchor ?? anchor,
    rows: list.data,
    pending: kept?.pending ?? [],
    pendingCount: kept?.pendingCount ?? 0,
    pendingFailed: kept?.pendingFailed ?? 0,
    fresh: NONE,
    shifted: false,
    total: list.total,
    stats: list.stats,
    limit: list.limit,
    lastPosition: kept?.lastPosition ?? 0,
    figuresUpTo: 0,
    sinceAsked: null,
  };
}

function arrive(feed: Feed, arrived: readonly Activity[], hold: boolean, now: number): Feed {
  const known = new Set([...feed.rows, ...feed.pending].map((row) => row.id));
  const added: Activity[] = [];
  let { lastPosition, stats, total } = feed;
  for (const activity of arrived) {
    if (activity.position <= lastPosition || known.has(activity.id)) continue;
    lastPosition = activity.position;
    known.add(activity.id);
    added.push(activity);
    if (activity.position <= feed.figuresUpTo) continue;
    stats = countActivity(stats, activity, now);
    total += 1;
  }
  if (added.length === 0) return feed;
  const counted: Feed = {
    ...feed,
    stats,
    lastPosition,
    total,
    sinceAsked: feed.sinceAsked && [...feed.sinceAsked, ...added],
    pending: merge(feed.pending, added, feed.limit),
    pendingCount: feed.pendingCount + added.length,
    pendingFailed: feed.pendingFailed + added.filter((activity) => !activity.success).length,
  };
  return hold ? counted : release(counted);
}

/** Lets in what was held back. */
function release(feed: Feed): Feed {
  if (feed.pendingCount === 0) return feed;
  const rows = merge(feed.rows, feed.pending, feed.limit);
  const entering = feed.pendingCount > MOST_HIGHLIGHTED ? [] : feed.pending.map((row) => row.id);
  const entered = new Set([...feed.fresh, ...entering]);
  const fresh = new Set(rows.filter((row) => entered.has(row.id)).map((row) => row.id));
  return { ...feed, rows, fresh, shifted: true, pending: [], pendingCount: 0, pendingFailed: 0 };
}

/** Takes over the server's figures, plus what arrived too late to be in them. */
function reconcile(feed: Feed, list: ActivityList, now: number): Feed {
  const seen = list.data.reduce((highest, row) => Math.max(highest, row.position), 0);
  const late = (feed.sinceAsked ?? []).filter((activity) => activity.position > seen);
  return {
    ...feed,
    total: list.total + late.length,
    stats: late.reduce((stats, activity) => countActivity(stats, activity, now), list.stats),
    figuresUpTo: seen,
    sinceAsked: null,
  };
}

function merge(rows: readonly Activity[], added: readonly Activity[], limit: number): readonly Activity[] {
  return [...added, ...rows].sort(newestFirst).slice(0, limit);
}

/** `occurred_at` is always UTC with microseconds, so its text sorts as time does. */
function newestFirst(a: Activity, b: Activity): number {
  if (a.occurred_at !== b.occurred_at) return a.occurred_at < b.occurred_at ? 1 : -1;
  return b.position - a.position;
}
