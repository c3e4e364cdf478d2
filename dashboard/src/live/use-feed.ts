import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import type { Activity, ActivityList } from "../api/types";
import { filterQuery, isLiveView, type View } from "../filters/view";
import { Batcher } from "./batcher";
import { type AlertData, followLog, type LiveStatus } from "./connection";
import { type Feed, reduceFeed } from "./feed";
import { Reconciler } from "./reconciler";

export interface FeedOptions {
  view: View;
  /** The page as the server gave it last; undefined while it loads. */
  list: ActivityList | undefined;
  /** Keep what arrives out of the rows: the reader is busy with them. */
  hold: boolean;
  reload: () => void;
  onRefused: () => void;
  onArrived: (activities: readonly Activity[]) => void;
  onAlert: (alert: AlertData) => void;
}

export interface LiveFeed {
  feed: Feed | null;
  status: LiveStatus;
  release: () => void;
}

const nowSeconds = () => Date.now() / 1000;

export function useFeed(options: FeedOptions): LiveFeed {
  const { view, list } = options;
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
    dispatch({ type: "loaded", anchor: { filter, head }, list, live });
  }, [list, filter, live, pinned]);

  // The stream belongs to the list that is shown, not to the filter that was chosen: it is opened once for each
  // anchor, and stays open while the list of another filter is on its way.
  const anchor = feed?.anchor;
  useEffect(() => {
    if (!anchor) return;
    const figures = new Reconciler(
      anchor.filter,
      () => dispatch({ type: "asked", anchor }),
      (answer) => dispatch({ type: "reconciled", anchor, list: answer, now: nowSeconds() }),
    );
    const arrivals = new Batcher<Activity>((activities) => {
      const { hold, onArrived } = latest.current;
      dispatch({ type: "arrived", anchor, activities, hold, now: nowSeconds() });
      onArrived(activities);
      // Reading the log is logged as well: Livetrail's own activities must not cause further reads.
      if (activities.some((activity) => activity.resource_type !== "livetrail")) figures.soon();
    });
    const unfollow = followLog({
      filter: anchor.filter,
      resumeAfter: anchor.head,
      onActivity: (activity) => arrivals.add(activity),
      onReset: () => latest.current.reload(),
      onAlert: (alert) => latest.current.onAlert(alert),
      onStatus: setStatus,
      onRefused: () => latest.current.onRefused(),
    });
    return () => {
      unfollow();
      arrivals.stop();
      figures.stop();
    };
  }, [anchor, setStatus]);

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
