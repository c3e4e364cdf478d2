import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { getTimeline } from "../api/calls";
import { WHILE_AWAY } from "../api/while-away";
import { type Filter, filterQuery } from "../filters/view";
import { type Figures, withArrivals } from "./arithmetic";

export const TIMELINE_KEY = "timeline";
const SETTLE_MS = 1_500;
const LEAST_INTERVAL_MS = 15_000;
const FRESH_MS = 2_000;

interface TimelineOptions {
  filter: Filter;
  /** Buckets at most. */
  buckets: number;
  shown: boolean;
  figures: Figures | null;
}

/**
 * The histogram of a filter. What arrives is counted into its present bar at once; the server is asked again
 * some time after, at most every 15 seconds, never while the page is hidden, and never when nothing arrived.
 */
export function useTimeline({ filter, buckets, shown, figures }: TimelineOptions) {
  const query = filterQuery(filter);
  const key = query.toString();
  query.set("buckets", String(buckets));
  const timeline = useQuery({
    queryKey: [TIMELINE_KEY, query.toString()],
    queryFn: ({ signal }) => getTimeline(query, signal),
    enabled: shown,
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
    ...WHILE_AWAY,
  });
  const { data, isPlaceholderData, dataUpdatedAt, errorUpdatedAt, refetch } = timeline;
  // While a filter changes, the cards and the bars may be of different ones.
  const current = figures && figures.filter === key && !isPlaceholderData ? figures : null;
  const visible = useVisible();
  const isBehind = shown && visible && data !== undefined && current !== null && current.total > data.total;

  useEffect(() => {
    if (!isBehind) return;
    const answered = Math.max(dataUpdatedAt, errorUpdatedAt);
    const wait = Math.max(SETTLE_MS, answered + LEAST_INTERVAL_MS - Date.now());
    const timer = setTimeout(() => void refetch(), wait);
    return () => clearTimeout(timer);
  }, [isBehind, dataUpdatedAt, errorUpdatedAt, refetch]);

  const now = Date.now() / 1_000;
  // What arrives after the dates of the filter has happened before: the server knows when.
  const isPast = filter.date_to !== null && now > filter.date_to;
  const counted = data && current && !isPast ? withArrivals(data, current, now) : data?.buckets;
  return { ...timeline, buckets: counted };
}

const subscribe = (notify: () => void) => {
  document.addEventListener("visibilitychange", notify);
  return () => document.removeEventListener("visibilitychange", notify);
};
const useVisible = () => useSyncExternalStore(subscribe, () => !document.hidden);
