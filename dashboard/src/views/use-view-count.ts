import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { getStats } from "../api/calls";
import { useVisible } from "../ui/visibility";
import { countedBy } from "./saved-query";

/** Every 30 seconds, and only while the page is looked at. */
const COUNTED_EVERY_MS = 30_000;
/** A count that failed may have been too expensive, so it is not repeated as often. */
const FAILED_EVERY_MS = 300_000;
/** Where the browser does not say when it has nothing else to do. */
const LATER_MS = 3_000;

/** Whether the first rows had their time: counts wait for them. */
function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    const begin = () => setIdle(true);
    if (!window.requestIdleCallback) {
      const timer = setTimeout(begin, LATER_MS);
      return () => clearTimeout(timer);
    }
    const idle = window.requestIdleCallback(begin);
    return () => window.cancelIdleCallback(idle);
  }, []);
  return isIdle;
}

/** How many activities a view has; null while that is not known. Of a view without a filter nothing is counted. */
export function useViewCount(query: string): number | null {
  const isVisible = useVisible();
  const isIdle = useIdle();
  const isCounted = [...new URLSearchParams(query).keys()].some((name) => !UNCOUNTED.has(name));
  const count = useQuery({
    queryKey: ["view-count", query],
    queryFn: async ({ signal }) => {
      const { filter, lastDay } = countedBy(query, Date.now() / 1_000);
      const { stats } = await getStats(filter, signal);
      return lastDay ? stats.last_24h : stats.total_logs;
    },
    enabled: isVisible && isIdle && isCounted,
    staleTime: COUNTED_EVERY_MS,
    refetchInterval: ({ state }) => (state.error ? FAILED_EVERY_MS : COUNTED_EVERY_MS),
  });
  return count.data ?? null;
}

const UNCOUNTED = new Set([
  "window",
  "date_from",
  "date_to",
  "sort_by",
  "sort_order",
  "limit",
  "columns",
  "density",
]);
