import type { UseQueryResult } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import type { Asked } from "../api/asked";
import type { Activity, ActivityList, ActivityStats } from "../api/types";
import { filterQuery, isLiveView, type View } from "../filters/view";
import { nowSeconds } from "../ui/clock";
import { whenVisible } from "../ui/visibility";
import { Batcher } from "./batcher";
import { followLog, type LiveStatus } from "./connection";
import { type Arrival, type Feed, reduceFeed } from "./feed";
import { useCount } from "./use-count";

export interface FeedOptions {
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
  release: () => void;
}

export function useFeed(options: FeedOptions): LiveFeed {
  const { view, stats } = options;
  const { data: list, isFetching: isListOnItsWay } = options.list;
  const [feed, dispatch] = useReducer(reduceFeed, null);
  const [status, setStatus] = useCalmStatus();
  const latest = useRef(options);
  latest.current = options;

  const filter = filterQuery(view).toString();
  const live = isLiveView(view);
  const pinned = view.cursor !== null;

  useEffect(() => {
    if (!list) return;
    // A pinned page names the head of its own time. Its rows do not go on anyway, so nothing is replayed for it.
    const head = pinned ? null : list.head_cursor;
    dispatch({ type: "loaded", anchor: { filter, head, askedAt: list.askedAt }, list, live });
  }, [list, filter, live, pinned]);

  // The stream belongs to the list that is shown, not to the filter that was chosen. So it is opened once for each
  // anchor, and stays open while the list of another filter is on its way.
  const anchor = feed?.anchor;
  useEffect(() => {
    if (!anchor) return;
    let forgetReload: () => void = () => undefined;
    const arrived = new Batcher<Arrival>((arrivals) => {
      const { hold, onArrived } = latest.current;
      dispatch({ type: "arrived", anchor, arrivals, hold, now: nowSeconds() });
      onArrived(arrivals.map(({ activity }) => activity));
    });
    const unfollow = followLog({
      filter: anchor.filter,
      resumeAfter: anchor.head,
      onActivity: (activity, cursor) => arrived.add({ activity, cursor, at: performance.now() }),
      onReset: () => {
        forgetReload();
        forgetReload = whenVisible(() => latest.current.reload());
      },
      onAlert: (alert) => latest.current.onAlert(alert),
      onStatus: setStatus,
      onRefused: () => latest.current.onRefused(),
    });
    return () => {
      unfollow();
      arrived.stop();
      forgetReload();
    };
  }, [anchor, setStatus]);

  // While the next list is on its way, its anchor is not known yet.
  useCount(stats, anchor?.filter === filter && !isListOnItsWay ? feed : null, dispatch);

  const release = useCallback(() => dispatch({ type: "released" }), []);
  useEffect(() => {
    if (!options.hold) release();
  }, [options.hold, release]);

  return { feed, status, release };
}

const CALM_MS = 400;

/** Another filter opens another stream; that is no news unless it takes long enough to be noticed. */
function useCalmStatus(): [LiveStatus, (status: LiveStatus) => void] {
  const [status, setStatus] = useState<LiveStatus>("connecting");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const report = useCallback((next: LiveStatus) => {
    clearTimeout(timer.current);
    if (next === "connecting") timer.current = setTimeout(() => setStatus(next), CALM_MS);
    else setStatus(next);
  }, []);
  return [status, report];
}
