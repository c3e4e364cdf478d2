/**
 * What the stream has brought since an answer of the server. Several answers of one filter are shown together, each with
 * a head of its own, so the arrivals are kept until all of them contain them.
 */
import type { Asked } from "../api/asked";
import type { Activity, Stats } from "../api/types";
import { type Anchor, type Feed, notIn } from "../live/feed";
import { type Countable, countActivity } from "./arithmetic";

export interface Seen {
  /** Null before there is a list. */
  readonly anchor: Anchor | null;
  readonly arrivals: readonly SeenArrival[];
}

export interface SeenArrival {
  readonly activity: SeenActivity;
  readonly cursor: string | null;
  readonly at: number;
}

/** Little, because there may be hundreds a second. */
export type SeenActivity = Countable & Pick<Activity, "position" | "resource_type">;

/** As many as arrive in a minute and a half at 200 a second. Older ones count as contained in every answer. */
const MAX_SEEN = 20_000;
export const NOTHING_SEEN: Seen = { anchor: null, arrivals: [] };

/** Adds what a feed has brought since. Another list starts anew. */
export function remember(former: Seen, feed: Feed | null): Seen {
  if (!feed) return former;
  const { anchor, recent } = feed;
  const known = former.anchor === anchor ? former.arrivals : [];
  const last = known.at(-1)?.activity.position ?? 0;
  const added = recent.filter(({ activity }) => activity.position > last).map(slim);
  if (added.length === 0 && former.anchor === anchor) return former;
  return { anchor, arrivals: [...known, ...added].slice(-MAX_SEEN) };
}

const slim = ({ activity, cursor, at }: Feed["recent"][number]): SeenArrival => ({
  cursor,
  at,
  activity: {
    position: activity.position,
    timestamp: activity.timestamp,
    success: activity.success,
    user_id: activity.user_id,
    is_admin: activity.is_admin,
    duration_ms: activity.duration_ms,
    resource_type: activity.resource_type,
  },
});

type Answer = Asked<{ head_cursor: string }>;

/** The arrivals that an answer does not contain and that happened within its period. */
export function missingFrom(answer: Answer, { anchor, arrivals }: Seen, from: number | null): SeenActivity[] {
  if (!anchor) return [];
  return notIn(answer, { anchor, recent: arrivals })
    .map(({ activity }) => activity)
    .filter(({ timestamp }) => from === null || timestamp >= from);
}

/** Reading the log is logged as well, so Livetrail's own activities are no reason to ask again. */
export const isOutdated = (missing: readonly SeenActivity[]): boolean =>
  missing.some(({ resource_type }) => resource_type !== "livetrail");

export const withMissing = (stats: Stats, missing: readonly SeenActivity[], nowSeconds: number): Stats =>
  missing.reduce((sum, activity) => countActivity(sum, activity, nowSeconds), stats);
