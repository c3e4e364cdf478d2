import { useQuery } from "@tanstack/react-query";
import { getStats } from "../api/calls";
import { countedBy } from "./saved-query";

const FRESH_MS = 30_000;

/**
 * How many activities a view has; null while that is not known. Of a view without a filter nothing is counted. The server
 * records each count as a read of the log, so a page that is only open counts nothing: `isWanted` says that the reader
 * looks at the views.
 */
export function useViewCount(query: string, isWanted: boolean): number | null {
  const isCounted = [...new URLSearchParams(query).keys()].some((name) => !UNCOUNTED.has(name));
  const count = useQuery({
    queryKey: ["view-count", query],
    queryFn: async ({ signal }) => {
      const { filter, lastDay } = countedBy(query, Date.now() / 1_000);
      const { stats } = await getStats(filter, signal);
      return lastDay ? stats.last_24h : stats.total_logs;
    },
    enabled: isWanted && isCounted,
    staleTime: FRESH_MS,
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
