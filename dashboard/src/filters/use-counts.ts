import { useQueries } from "@tanstack/react-query";
import { getStats } from "../api/calls";
import { type Filter, filterQuery } from "./view";

const FRESH_MS = 15_000;

/**
 * How many activities each filter matches, asked for side by side. Null: not known, or not yet. Each is a read that the
 * server records, so it is for what a reader asks for and not for what a page shows by itself.
 */
export function useCounts(filters: readonly Filter[]): (number | null)[] {
  return useQueries({
    queries: filters.map((filter) => {
      const query = filterQuery(filter);
      return {
        queryKey: ["count", query.toString()],
        queryFn: ({ signal }: { signal: AbortSignal }) => getStats(query, signal),
        staleTime: FRESH_MS,
      };
    }),
    combine: (results) => results.map(({ data }) => data?.stats.total_logs ?? null),
  });
}
