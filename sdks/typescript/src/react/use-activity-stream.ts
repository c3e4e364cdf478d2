"use client";

import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { StoredActivity } from "../activity.js";
import type { StreamStatus } from "../stream/activity-stream.js";
import { filterParameters } from "../stream/address.js";
import { Feed } from "./feed.js";
import { mostRows, pageSize, type UseActivityStreamOptions } from "./options.js";

export interface ActivityStreamState {
  /** The newest first, each once. */
  activities: StoredActivity[];
  isConnected: boolean;
  status: StreamStatus;
  /** Why the stream is not live, why a list is not there, or what a callback threw last. */
  error: Error | null;
  /** Where the stream had got to at the last render. */
  lastEventId: string | null;
  /** Whether the list is being read, which comes first. */
  isLoading: boolean;
  /** Whether it is known that there is nothing to show. */
  isEmpty: boolean;
  /** Whether `loadOlder` would bring something. */
  hasOlder: boolean;
  isLoadingOlder: boolean;
  isPaused: boolean;
  /** How many have arrived since `pause`, all of which `resume` shows or makes room for. */
  pendingCount: number;
  /** How many the stream has brought since `markSeen`, or since the list was read. */
  newCount: number;
  /**
   * Milliseconds from when the last activity was stored until it came here, by the clocks of the server and of this
   * machine; null before the first.
   */
  lagMs: number | null;
  /** Adds the next page of older activities. Needs `history`. It never rejects: `error` says what went wrong. */
  loadOlder: () => Promise<void>;
  /** Holds back what arrives, and counts it. */
  pause: () => void;
  /** Shows what was held back. */
  resume: () => void;
  /** Sets `newCount` to 0. */
  markSeen: () => void;
  /** Empties the list; the stream goes on. */
  clear: () => void;
  /** Connects anew at once, going on where the stream is. */
  reconnect: () => void;
}

/**
 * Follows the log while the component is mounted. Another `url` or `filter` begins another list; another token, or
 * disabling and enabling, goes on with the same one. Options that are functions may change at every render.
 */
export function useActivityStream(options: UseActivityStreamOptions = {}): ActivityStreamState {
  const { url = "", listUrl = "", token, enabled = true, share = true } = options;
  const latest = useLatest(options);
  const hasHistory = pageSize(options) > 0;
  const list = `${url} ${listUrl} ${hasHistory} ${filterParameters(options.filter)}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list is another feed.
  const feed = useMemo(() => new Feed(latest, { isOn: enabled, hasHistory }), [list, latest]);
  const tokenText = typeof token === "string" ? token : "";

  // biome-ignore lint/correctness/useExhaustiveDependencies: another token or reader has to connect anew.
  useEffect(() => {
    if (!enabled) return;
    feed.start();
    return () => feed.stop();
  }, [feed, tokenText, share, enabled]);

  const { isExpanded, ...view } = useSyncExternalStore(feed.subscribe, feed.view, feed.view);
  const status = enabled ? view.status : "stopped";
  const most = mostRows(options, isExpanded);
  const shown = view.activities.length > most ? view.activities.slice(0, most) : view.activities;
  const activities = shown as StoredActivity[];
  return {
    ...view,
    activities,
    status,
    isConnected: status === "live",
    isEmpty: activities.length === 0 && view.pendingCount === 0 && !view.isLoading && status === "live",
    loadOlder: feed.loadOlder,
    pause: feed.pause,
    resume: feed.resume,
    markSeen: feed.markSeen,
    clear: feed.clear,
    reconnect: feed.reconnect,
  };
}

/** The present value for callbacks that were made at an earlier render. */
function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
