import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { STREAM_PATH } from "../api/calls";
import type { Activity, ActivityList } from "../api/types";
import { filterQuery, isLiveView, type View } from "../filters/view";
import { Batcher } from "./batcher";
import { LiveConnection, type LiveStatus } from "./connection";
import { type Feed, reduceFeed } from "./feed";
import type { AlertData, Frame } from "./frames";
import { useReconciling } from "./use-reconciling";

export interface FeedOptions {
  view: View;
  /** The page as the server gave it last; undefined while it loads. */
  list: ActivityList | undefined;
  /** Keep what arrives out of the rows: the reader is busy with them. */
  hold: boolean;
  reload: () => void;
  onClosed: () => void;
  onArrived: (activities: readonly Activity[]) => void;
  onAlert: (alert: AlertData) => void;
}

export interface LiveFeed {
  feed: Feed | null;
  status: LiveStatus;
  release: () => void;
}

/** Where the stream continues the list: opened anew for another filter or a newly read first page. */
interface Anchor {
  filter: string;
  head: string | null;
}

const nowSeconds = () => Date.now() / 1000;

export function useFeed(options: FeedOptions): LiveFeed {
  const { view, list } = options;
  const [feed, dispatch] = useReducer(reduceFeed, null);
  const [status, setStatus] = useCalmStatus();
  const [anchor, setAnchor] = useState<Anchor | null>(null);
  const latest = useRef(options);
  latest.current = options;

  const filter = filterQuery(view).toString();
  const live = isLiveView(view);
  const pinned = view.cursor !== null;

  const shown = useRef<Anchor | null>(null);
  useEffect(() => {
    if (!list) return;
    const continuing = !live && shown.current?.filter === filter;
    dispatch({ type: "loaded", list, continuing });
    if (continuing) return;
    // A pinned page names the head of its own time. Its rows do not go on anyway, so nothing is replayed for it.
    shown.current = { filter, head: pinned ? null : list.head_cursor };
    setAnchor(shown.current);
  }, [list, filter, live, pinned]);

  const asked = useCallback(() => dispatch({ type: "asked" }), []);
  const answered = useCallback(
    (answer: ActivityList) => dispatch({ type: "reconciled", list: answer, now: nowSeconds() }),
    [],
  );
  const reconcileSoon = useReconciling(filter, asked, answered);

  useEffect(() => {
    if (!anchor) return;
    const arrivals = new Batcher<Activity>((activities) => {
      const { hold, onArrived } = latest.current;
      dispatch({ type: "arrived", activities, hold, now: nowSeconds() });
      onArrived(activities);
      // Reading the log is logged as well: Livetrail's own activities must not cause further reads.
      if (activities.some((activity) => activity.resource_type !== "livetrail")) reconcileSoon();
    });
    const onFrame = (frame: Frame) => {
      if (frame.type === "new_activity") arrivals.add(frame.data);
      else if (frame.type === "reset") latest.current.reload();
      else if (frame.type === "alert") latest.current.onAlert(frame.data ?? {});
    };
    const connection = new LiveConnection({
      path: STREAM_PATH,
      filter: new URLSearchParams(anchor.filter),
      resumeAfter: anchor.head,
      onFrame,
      onStatus: setStatus,
      onClosed: () => latest.current.onClosed(),
    });
    connection.start();
    return () => {
      connection.stop();
      arrivals.stop();
    };
  }, [anchor, reconcileSoon, setStatus]);

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
