import { queryOptions, useQuery } from "@tanstack/react-query";
import { ask } from "../api/asked";
import { listActivities } from "../api/calls";
import { WHILE_AWAY } from "../api/while-away";
import { isLiveView, listQuery, type View } from "../filters/view";

const LIVE_PAGE_FRESH_MS = 2_000;
const PINNED_PAGE_FRESH_MS = 60_000;

/**
 * One page of history. The stream keeps the first page up to date, so nothing is read again by itself,
 * except while the server is away.
 */
export function listOptions(view: View) {
  const query = listQuery(view).toString();
  const keepMs = isLiveView(view) ? LIVE_PAGE_FRESH_MS : PINNED_PAGE_FRESH_MS;
  return queryOptions({
    queryKey: ["activities", query],
    queryFn: ({ signal }) => ask(() => listActivities(new URLSearchParams(query), signal)),
    // A page read again is a new start for the stream, even where the rows are the same.
    structuralSharing: false,
    staleTime: keepMs,
    gcTime: keepMs,
  });
}

export function useActivityList(view: View) {
  return useQuery({ ...listOptions(view), ...WHILE_AWAY });
}
