import type { UseQueryResult } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import type { Asked } from "../api/asked";
import type { Activity, ActivityList, ActivityStats, Session } from "../api/types";
import { filterQuery, type View } from "../filters/view";
import { nowSeconds } from "../ui/clock";
import { whenVisible } from "../ui/visibility";
import { Batcher } from "./batcher";
import type { LiveStatus } from "./connection";
import { type Arrival, type Feed, reduceFeed } from "./feed";
import { LinkFacts } from "./link-facts";
import { follow } from "./load";
import { useCount } from "./use-count";
import { useMissed } from "./use-missed";

export interface FeedOptions {
  session: Session;
  view: View;
  list: UseQueryResult<Asked<ActivityList>>;
  stats: UseQueryResult<Asked<ActivityStats>>;
  /** Keep what arrives out of the rows: the reader is busy with them. */
  hold: boolean;
  reload: () => void;
  onRefused: () => void;
  onArrived: (activities: readonly Activity[]) => void;
  onAlert: (alert: unknown) => void;
}

export interface LiveFeed {
  feed: Feed | null;
  status: LiveStatus;
  /** What the badge says beside the status. */
  facts: LinkFacts;
  /** How many activities a catch-up brings in all; null: not known. */
  missed: number | null;
  release: () => void;
}

export function useFeed(options: FeedOptions): LiveFeed {
  const { view, stats } = options;
  const { data: list, isFetching: isListOnItsWay } = options.list;
  const [feed, dispatch] = useReducer(reduceFeed, null);
  const [status, setStatus] = useCalmStatus();
  const [facts] = useState(() => new LinkFacts());
  const latest = useRef(options);
  latest.current = options;

  const filter = filterQuery(view).toString();
  const pinned = view.cursor !== null;
  // A first page is read up to the head of the log, in whatever order. Others go on with the stream of the page before.
  const anew = view.page === 1 && !pinned;

  useEffect(() => {
    if (!list) return;
    // A pinned page names the head of its own time. Its rows do not go on anyway, so nothing is replayed for it.
    const head = pinned ? null : list.head_cursor;
    dispatch({ type: "loaded", anchor: { filter, head, askedAt: list.askedAt }, list, anew });
  }, [list, filter, anew, pinned]);

  // The stream belongs to the list that is shown, not to the filter that was chosen. So it is opened once for each
  // anchor, and stays open while the list of another filter is on its way.
  const anchor = feed?.anchor;
  useEffect(() => {
    // A search in messages looks at what is stored: the server refuses a stream of it.
    if (!anchor || new URLSearchParams(anchor.filter).has("text")) return;
    let forgetReload: () => void = () => undefined;
    const arrived = new Batcher<Arrival>((arrivals) => {
      const { hold, onArrived } = latest.current;
      dispatch({ type: "arrived", anchor, arrivals, hold, now: nowSeconds() });
      onArrived(arrivals.map(({ activity }) => activity));
    });
    const following = follow({
      filter: anchor.filter,
      resumeAfter: anchor.head,
      session: latest.current.session,
      onActivity: (activity, cursor) => {
        facts.arrived(activity);
        arrived.add({ activity, cursor, at: performance.now() });
      },
      onReset: (reason) => {
        dispatch({ type: "reset", anchor, reason, at: nowSeconds() });
        forgetReload();
        forgetReload = whenVisible(() => latest.current.reload());
      },
      onAlert: (alert) => latest.current.onAlert(alert),
      onStatus: (next) => {
        facts.became(next);
        setStatus(next);
      },
      onRefused: () => latest.current.onRefused(),
    });
    facts.following = following;
    return () => {
      following.stop();
      arrived.stop();
      forgetReload();
    };
  }, [anchor, facts, setStatus]);

  // While the next list is on its way, its anchor is not known yet.
  useCount(stats, anchor?.filter === filter && !isListOnItsWay ? feed : null, dispatch);

  const release = useCallback(() => dispatch({ type: "released" }), []);
  useEffect(() => {
    if (!options.hold) release();
  }, [options.hold, release]);

  return { feed, status, facts, missed: useMissed(facts, feed, stats), release };
}

const CALM_MS = 400;

/** Another filter or another leading tab opens another stream: no news unless it takes long enough to be noticed. */
function useCalmStatus(): [LiveStatus, (status: LiveStatus) => void] {
  const [status, setStatus] = useState<LiveStatus>("connecting");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const report = useCallback((next: LiveStatus) => {
    clearTimeout(timer.current);
    if (next === "connecting" || next === "reconnecting")
      timer.current = setTimeout(() => setStatus(next), CALM_MS);
    else setStatus(next);
  }, []);
  return [status, report];
}
