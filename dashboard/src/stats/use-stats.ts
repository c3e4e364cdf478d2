import { queryOptions, useQuery } from "@tanstack/react-query";
import { ask } from "../api/asked";
import { getStats } from "../api/calls";
import { WHILE_AWAY } from "../api/while-away";
import { type Filter, filterQuery } from "../filters/view";
import { useVisible } from "../ui/visibility";

const KEPT_MS = 2_000;

/**
 * The statistics of a filter. They are asked for beside the list, which does not wait for them. They are never out of
 * date by themselves: `useCount` asks again for the next list and after arrivals.
 */
export function statsOptions(filter: Filter) {
  const query = filterQuery(filter);
  return queryOptions({
    queryKey: ["stats", query.toString()],
    queryFn: ({ signal }) => ask(() => getStats(query, signal)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
  });
}

export function useStats(filter: Filter) {
  return useQuery({
    ...statsOptions(filter),
    ...WHILE_AWAY,
    enabled: useVisible(),
    // Several parts of the page use it. One that comes later must not repeat a question that took too long.
    retryOnMount: false,
  });
}
