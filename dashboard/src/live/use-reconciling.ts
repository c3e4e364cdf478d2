import { useCallback, useEffect, useRef } from "react";
import { listActivities } from "../api/calls";
import type { ActivityList } from "../api/types";

const SETTLE_MS = 1_500;
const LEAST_INTERVAL_MS = 10_000;

/**
 * Asks the server for the figures some time after something arrived, at most every ten seconds, and never
 * when nothing did. One row is enough: the rows themselves come by the stream.
 */
export function useReconciling(
  filter: string,
  onAsked: () => void,
  onAnswer: (list: ActivityList) => void,
): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lastAsked = useRef(0);
  const current = useRef(filter);

  useEffect(() => {
    current.current = filter;
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [filter]);

  return useCallback(() => {
    if (timer.current !== undefined) return;
    const ask = async () => {
      timer.current = undefined;
      lastAsked.current = Date.now();
      const query = new URLSearchParams(filter);
      query.set("limit", "1");
      onAsked();
      try {
        const answer = await listActivities(query);
        if (current.current === filter) onAnswer(answer);
      } catch {
        // The figures stay as they were counted here; the next arrival asks again.
      }
    };
    timer.current = setTimeout(ask, Math.max(SETTLE_MS, lastAsked.current + LEAST_INTERVAL_MS - Date.now()));
  }, [filter, onAsked, onAnswer]);
}
