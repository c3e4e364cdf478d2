import type { UseQueryResult } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { listActivities } from "../api/calls";
import type { Activity, ActivityList } from "../api/types";
import { listQuery, type View } from "../filters/view";
import type { Feed } from "../live/feed";
import { extended, followed, NOTHING_READ } from "./endless";
import { endless } from "./table-choices";

export interface EndlessRows {
  isEndless: boolean;
  rows: readonly Activity[];
  /** Reads what follows; null where nothing does, or while it is being read. */
  more: (() => void) | null;
  isFull: boolean;
  error: Error | null;
}

const NO_ROWS: readonly Activity[] = [];

/** The rows of the feed, and in an endless list what was read beyond them. */
export function useEndless(
  view: View,
  feed: Feed | null,
  { data: list, refetch }: UseQueryResult<ActivityList>,
): EndlessRows {
  const isEndless = endless.use() && view.page === 1 && view.cursor === null;
  const [state, setState] = useState(NOTHING_READ);
  const [reading, setReading] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);

  if (isEndless && feed && (state.anchor !== feed.anchor || state.head !== feed.rows)) {
    const cursor = list?.next_cursor ?? null;
    setState(followed(state, feed.anchor, feed.rows, { cursor, isShifted: feed.shifted }));
  }
  useEffect(() => {
    if (state.hasGap) void refetch();
  }, [state.hasGap, refetch]);

  const { anchor, cursor } = state;
  const query = listQuery({ ...view, cursor: cursor ?? "" }).toString();
  const read = useCallback(async () => {
    if (!anchor || !cursor) return;
    setReading(cursor);
    setError(null);
    try {
      const page = await listActivities(new URLSearchParams(query));
      setState((now) => extended(now, anchor, cursor, page));
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    }
    setReading(null);
  }, [anchor, cursor, query]);

  const head = feed?.rows ?? NO_ROWS;
  const older = isEndless && feed?.anchor === anchor ? state.older : NO_ROWS;
  const rows = useMemo(() => (older.length > 0 ? [...head, ...older] : head), [head, older]);
  const more = isEndless && cursor !== null && reading === null ? () => void read() : null;
  return { isEndless, rows, more, isFull: isEndless && state.isFull, error };
}
