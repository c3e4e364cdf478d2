import { useInfiniteQuery } from "@tanstack/react-query";
import { listActivities } from "../api/calls";
import { WHILE_AWAY } from "../api/while-away";

const PAGE_SIZE = "100";

/** The activities of a filter, the newest first, page after page. */
export function useSteps(filter: Record<string, string>) {
  return useInfiniteQuery({
    queryKey: ["steps", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ ...filter, limit: PAGE_SIZE, stats: "false" });
      if (pageParam !== null) query.set("cursor", pageParam);
      return listActivities(query, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    ...WHILE_AWAY,
  });
}
