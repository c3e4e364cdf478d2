/**
 * The rows and statistics on the screen: a page of history and a count of it, which the stream continues. Pure, so that
 * every rule of joining the three can be tested without a network.
 */
import type { Asked } from "../api/asked";
import type { Activity, ActivityList, ActivityStats, Stats } from "../api/types";
import { countActivity } from "../stats/arithmetic";

/**
 * Where a stream goes on from a list. Every list that starts anew has an anchor of its own, though filter and
 * head may be the same, and whatever else belongs to that list names it.
 */
export interface Anchor {
  readonly filter: string;
  /** The cursor of the list's head; null: only what happens from now on. */
  readonly head: string | null;
  /** When the list was asked for. */
  readonly askedAt: number;
}

/** An activity, and when the stream brought it. The cursor is that of the log up to it. */
export interface Arrival {
  readonly activity: Activity;
  readonly cursor: string | null;
  readonly at: number;
}

/** The stream could not go on from where it was, and the list was read anew. */
export interface Break {
  /** What the server says of it. */
  reason: string;
  /** Epoch seconds. */
  at: number;
  /** The newest row from before; null: there was none. */
  below: string | null;
}

/** An answer that says where the log ended when it was given. */
type Headed = Pick<ActivityStats, "head_cursor">;

export interface Feed {
  anchor: Anchor;
  rows: readonly Activity[];
  /** Arrived but held back, newest first; at most one page of them, however many are counted. */
  pending: readonly Activity[];
  pendingCount: number;
  pendingFailed: number;
  /** Rows to highlight because the stream brought them, unless it brought too many at once to tell apart. */
  fresh: ReadonlySet<string>;
  /** Rows from the stream have pushed others off the page, so a cursor of the list would skip those. */
  shifted: boolean;
  /** Newest first. */
  breaks: readonly Break[];
  /** More rows match than these. */
  hasMore: boolean;
  limit: number;
  /** The stream is in order of position, so what is not beyond this has been counted already. */
  lastPosition: number;
  /** Null until the server has counted. */
  stats: Stats | null;
  /** Arrived since the statistics were asked for, oldest first. The next answer contains some of them. */
  recent: readonly Arrival[];
  /** What the server counted last, without what has arrived since; null before it has. */
  answer: Asked<ActivityStats> | null;
  /** The server has to count again, because something has arrived since or may be missing. */
  isBehind: boolean;
}

export type FeedEvent =
  | { type: "loaded"; anchor: Anchor; list: ActivityList; anew: boolean }
  | { type: "arrived"; anchor: Anchor; arrivals: readonly Arrival[]; hold: boolean; now: number }
  | { type: "counted"; anchor: Anchor; answer: Asked<ActivityStats>; now: number }
  | { type: "uncounted"; anchor: Anchor }
  | { type: "reset"; anchor: Anchor; reason: string; at: number }
  | { type: "released" };

const MAX_HIGHLIGHTED = 10;
/** As many as arrive in some seconds. Older ones are dropped, and count as contained in the next answer. */
const MAX_RECENT = 2_000;
/** Older breaks are off the page by then, or the log is being rebuilt. */
const MAX_BREAKS = 5;
const NONE: ReadonlySet<string> = new Set();

export function reduceFeed(feed: Feed | null, event: FeedEvent): Feed | null {
  if (event.type === "loaded") return load(feed, event.anchor, event.list, event.anew);
  if (!feed) return null;
  if (event.type === "released") return release(feed);
  // A stream is closed a moment after the next list has come, and an answer may be late: not for this list.
  if (event.anchor !== feed.anchor) return feed;
  switch (event.type) {
    case "arrived":
      return arrive(feed, event.arrivals, event.hold, event.now);
    case "counted":
      return count(feed, event.answer, event.now);
    case "uncounted":
      // The statistics of the former list may have stayed until now.
      return feed.answer ? feed : { ...feed, stats: null };
    case "reset":
      return { ...feed, breaks: [breakOf(feed, event), ...feed.breaks].slice(0, MAX_BREAKS) };
  }
}

/** Whether statistics contain what a list begins with. */
export const isCountOf = (answer: Asked<Headed>, anchor: Anchor): boolean =>
  isOfHead(answer, anchor) || answer.askedAt >= anchor.askedAt;

/**
 * Starts anew, except with another page of the same filter: the stream goes on, and what waits still waits. The
 * statistics of the same filter stay until the server has counted again.
 */
function load(feed: Feed | null, anchor: Anchor, list: ActivityList, anew: boolean): Feed {
  const former = feed?.anchor.filter === anchor.filter ? feed : null;
  const kept = anew ? null : former;
  return {
    anchor: kept?.anchor ?? anchor,
    rows: list.data,
    pending: kept?.pending ?? [],
    pendingCount: kept?.pendingCount ?? 0,
    pendingFailed: kept?.pendingFailed ?? 0,
    fresh: NONE,
    shifted: false,
    breaks: former?.breaks ?? [],
    hasMore: list.next_cursor !== null,
    limit: list.limit,
    lastPosition: kept?.lastPosition ?? 0,
    stats: former?.stats ?? null,
    recent: kept?.recent ?? [],
    answer: kept?.answer ?? null,
    isBehind: kept?.isBehind ?? false,
  };
}

function arrive(feed: Feed, arrived: readonly Arrival[], hold: boolean, now: number): Feed {
  const known = new Set([...feed.rows, ...feed.pending].map((row) => row.id));
  const added: Arrival[] = [];
  let { lastPosition } = feed;
  for (const arrival of arrived) {
    const { id, position } = arrival.activity;
    if (position <= lastPosition || known.has(id)) continue;
    lastPosition = position;
    known.add(id);
    added.push(arrival);
  }
  if (added.length === 0) return feed;
  const rows = added.map(({ activity }) => activity);
  const counted: Feed = {
    ...feed,
    lastPosition,
    stats: feed.stats && countAll(feed.stats, added, now),
    recent: [...feed.recent, ...added].slice(-MAX_RECENT),
    isBehind: feed.isBehind || isOutdated(added),
    pending: merge(feed.pending, rows).slice(0, feed.limit),
    pendingCount: feed.pendingCount + rows.length,
    pendingFailed: feed.pendingFailed + rows.filter((activity) => !activity.success).length,
  };
  const settled = settle(counted, added, now);
  return hold ? settled : release(settled);
}

const breakOf = (feed: Feed, { reason, at }: { reason: string; at: number }): Break => ({
  reason,
  at,
  below: feed.rows[0]?.id ?? null,
});

/** When the stream reaches the head that the server counted up to, it is known what the count does not contain. */
function settle(feed: Feed, added: readonly Arrival[], now: number): Feed {
  const { answer } = feed;
  if (!answer || !added.some(({ cursor }) => cursor === answer.head_cursor)) return feed;
  const recent = notIn(answer, feed);
  return { ...feed, recent, stats: countAll(answer.stats, recent, now) };
}

/** Lets in what was held back. */
function release(feed: Feed): Feed {
  if (feed.pendingCount === 0) return feed;
  const merged = merge(feed.rows, feed.pending);
  const rows = merged.slice(0, feed.limit);
  const isOver = merged.length > feed.limit || feed.pendingCount > feed.pending.length;
  const entering = feed.pendingCount > MAX_HIGHLIGHTED ? [] : feed.pending.map((row) => row.id);
  const entered = new Set([...feed.fresh, ...entering]);
  const fresh = new Set(rows.filter((row) => entered.has(row.id)).map((row) => row.id));
  return {
    ...feed,
    rows,
    fresh,
    shifted: feed.shifted || isOver,
    hasMore: feed.hasMore || isOver,
    pending: [],
    pendingCount: 0,
    pendingFailed: 0,
  };
}

/**
 * Takes over what the server has counted, plus what arrived too late to be in it. Where list and count began at different
 * heads, an activity between them may be in both or in neither, so the server has to count again.
 */
function count(feed: Feed, answer: Asked<ActivityStats>, now: number): Feed {
  if (answer === feed.answer) return feed;
  const recent = notIn(answer, feed);
  return {
    ...feed,
    answer,
    recent,
    stats: countAll(answer.stats, recent, now),
    isBehind: isOutdated(recent) || (feed.answer === null && !isOfHead(answer, feed.anchor)),
  };
}

/**
 * The arrivals that a count does not contain. A filter may hide the activity at the head that was counted up to. Then
 * only those are known to be counted that had arrived before the server was asked.
 */
export function notIn<Kept extends Pick<Arrival, "cursor" | "at">>(
  answer: Asked<Headed>,
  { anchor, recent }: { anchor: Anchor; recent: readonly Kept[] },
): readonly Kept[] {
  if (isOfHead(answer, anchor)) return recent;
  const last = recent.findIndex(({ cursor }) => cursor === answer.head_cursor);
  return last < 0 ? recent.filter(({ at }) => at > answer.askedAt) : recent.slice(last + 1);
}

/** Nothing happened between the list and the count, so neither contains an arrival. */
const isOfHead = (answer: Headed, anchor: Anchor): boolean => answer.head_cursor === anchor.head;

const countAll = (stats: Stats, arrivals: readonly Arrival[], now: number): Stats =>
  arrivals.reduce((sum, { activity }) => countActivity(sum, activity, now), stats);

/** Reading the log is logged as well, so Livetrail's own activities are no reason to count again. */
const isOutdated = (arrivals: readonly Arrival[]): boolean =>
  arrivals.some(({ activity }) => activity.resource_type !== "livetrail");

const merge = (rows: readonly Activity[], added: readonly Activity[]): readonly Activity[] =>
  [...added, ...rows].sort(newestFirst);

/** `occurred_at` is always UTC with microseconds, so its text sorts as time does. */
function newestFirst(a: Activity, b: Activity): number {
  if (a.occurred_at !== b.occurred_at) return a.occurred_at < b.occurred_at ? 1 : -1;
  return b.position - a.position;
}
