"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { StoredActivity } from "./activity.js";
import { ActivityStream, type ActivityStreamOptions, type StreamStatus } from "./stream/activity-stream.js";
import { filterParameters } from "./stream/address.js";

export type { ActivityAction, StoredActivity } from "./activity.js";
export type { EventSourceConstructor, EventSourceLike, StreamStatus } from "./stream/activity-stream.js";
export type { ActivityFilter } from "./stream/address.js";

export interface UseActivityStreamOptions
  extends Pick<
    ActivityStreamOptions,
    | "url"
    | "token"
    | "tokenParameter"
    | "filter"
    | "lastEventId"
    | "withCredentials"
    | "EventSource"
    | "onActivity"
    | "onReset"
    | "onAlert"
  > {
  /** Most activities that are kept, the newest of them. 100. */
  limit?: number | undefined;
  /** Whether to follow at all. True. */
  enabled?: boolean | undefined;
}

export interface ActivityStreamState {
  /** The newest first, each once. */
  activities: StoredActivity[];
  isConnected: boolean;
  status: StreamStatus;
  /** Why the stream is not live, or what a callback threw last. */
  error: Error | null;
  /** Where the stream had got to at the last render. */
  lastEventId: string | null;
  /** Empties the list; the stream goes on. */
  clear: () => void;
  /** Connects anew at once, going on where the stream is. */
  reconnect: () => void;
}

const LIMIT = 100;

/**
 * Follows the log while the component is mounted. Another `url` or `filter` begins another list; another token, or
 * disabling and enabling, goes on with the same one. Options that are functions may change at every render.
 */
export function useActivityStream(options: UseActivityStreamOptions = {}): ActivityStreamState {
  const { url, token, enabled = true, limit = LIMIT } = options;
  const [activities, setActivities] = useState<StoredActivity[]>([]);
  const [status, setStatus] = useState<StreamStatus>(enabled ? "connecting" : "stopped");
  const [error, setError] = useState<Error | null>(null);
  const latest = useLatest({ ...options, limit });
  const stream = useRef<ActivityStream | null>(null);
  const followed = useRef<{ list: string; cursor: string | null } | null>(null);

  const list = `${url ?? ""}?${filterParameters(options.filter)}`;
  const tokenText = typeof token === "string" ? token : "";

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new token has to connect anew, although it is read from `latest`.
  useEffect(() => {
    if (!enabled) return;
    if (followed.current?.list !== list) {
      if (followed.current) setActivities([]);
      followed.current = { list, cursor: latest.current.lastEventId ?? null };
    }
    const { cursor } = followed.current;
    const following = new ActivityStream({
      ...latest.current,
      ...(typeof latest.current.token === "function" && { token: () => tokenOf(latest.current.token) }),
      lastEventId: cursor,
      onStatus: (now) => {
        setStatus(now);
        if (now === "live") setError(null);
      },
      onError: setError,
      onActivity: (activity) => {
        setActivities((former) => [activity, ...former].slice(0, latest.current.limit));
        latest.current.onActivity?.(activity);
      },
      onReset: (reason) => latest.current.onReset?.(reason),
      onAlert: (alert) => latest.current.onAlert?.(alert),
    });
    stream.current = following;
    following.start();
    return () => {
      following.stop();
      // The next stream of this list goes on from here: a double mount or a new token leaves no gap.
      followed.current = { list, cursor: following.lastEventId };
    };
  }, [list, tokenText, enabled, latest]);

  const clear = useCallback(() => setActivities([]), []);
  const reconnect = useCallback(() => stream.current?.reconnect(), []);

  return {
    activities: activities.length > limit ? activities.slice(0, limit) : activities,
    isConnected: status === "live",
    status: enabled ? status : "stopped",
    error,
    lastEventId: stream.current?.lastEventId ?? null,
    clear,
    reconnect,
  };
}

function tokenOf(token: UseActivityStreamOptions["token"]): string | Promise<string> {
  return typeof token === "function" ? token() : (token ?? "");
}

/** The present value for callbacks that were made at an earlier render. */
function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
