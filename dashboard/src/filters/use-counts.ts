import { useQueries } from "@tanstack/react-query";
import { getStats } from "../api/calls";
import { type Filter, filterQuery } from "./view";

const FRESH_MS = 15_000;

/** How many activities a filter matches; "refused" where the server does not take it. */
export type Count = number | "refused" | null;

/** How many activities each filter matches, asked for side by side. Null: not known, or not yet. */
export function useCounts(filters: readonly Filter[]): Count[] {
  return useQueries({
    queries: filters.map((filter) => {
      const query = filterQuery(filter);
      return {
        queryKey: ["count", query.toString()],
        queryFn: ({ signal }: { signal: AbortSignal }) => getStats(query, signal),
        staleTime: FRESH_MS,
      };
    }),
    combine: (results) =>
      results.map(({ data, isError }) => data?.stats.total_logs ?? (isError ? ("refused" as const) : null)),
  });
}
