import type { StoredActivity } from "../activity.js";
import type { StreamStatus } from "../stream/activity-stream.js";
import type { Rows } from "./rows.js";

export interface FeedState {
  /** Older activities were asked for, so that more are kept. */
  isExpanded: boolean;
  status: StreamStatus;
  error: Error | null;
  isLoading: boolean;
  isLoadingOlder: boolean;
  isPaused: boolean;
  pendingCount: number;
  newCount: number;
  lagMs: number | null;
}

/** What a component renders. It is another object whenever something in it has changed. */
export interface FeedView extends FeedState {
  activities: readonly StoredActivity[];
  lastEventId: string | null;
  hasOlder: boolean;
}

export function firstState(isOn: boolean, hasHistory: boolean): FeedState {
  return {
    isExpanded: false,
    status: isOn ? "connecting" : "stopped",
    error: null,
    isLoading: isOn && hasHistory,
    isLoadingOlder: false,
    isPaused: false,
    pendingCount: 0,
    newCount: 0,
    lagMs: null,
  };
}

export function viewOf(
  state: FeedState,
  { rows, older }: Rows,
  lastEventId: string | null,
  most: number,
): FeedView {
  return { ...state, activities: rows, lastEventId, hasOlder: older !== null && rows.length < most };
}
