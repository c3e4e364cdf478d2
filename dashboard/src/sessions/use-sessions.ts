import { useInfiniteQuery } from "@tanstack/react-query";
import { listLogSessions } from "../api/subject-calls";
import { WHILE_AWAY } from "../api/while-away";
import { type Period, since } from "../subjects/period";

const PAGE_SIZE = "25";

/** The sessions of the log, the most recently active first, page after page. */
export function useSessions(filter: Record<string, string>, period: Period) {
  return useInfiniteQuery({
    queryKey: ["log-sessions", filter, period],
    queryFn: ({ pageParam, signal }) => {
      const dates = pageParam?.dates ?? since(period);
      const query = new URLSearchParams({ ...filter, ...dates, limit: PAGE_SIZE });
      if (pageParam) query.set("cursor", pageParam.cursor);
      return listLogSessions(query, signal).then((page) => ({ ...page, dates }));
    },
    initialPageParam: null as { cursor: string; dates: Record<string, string> } | null,
    // A cursor belongs to the filter that it began with, dates included.
    getNextPageParam: ({ next_cursor, dates }) =>
      next_cursor === null ? null : { cursor: next_cursor, dates },
    ...WHILE_AWAY,
  });
}
