import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getTimeline } from "../api/calls";
import { WHILE_AWAY } from "../api/while-away";
import { type Filter, filterQuery } from "../filters/view";
import { useCatchUp } from "../live/use-catch-up";
import { useVisible } from "../ui/visibility";
import { type Figures, withArrivals } from "./arithmetic";

export const TIMELINE_KEY = "timeline";
const COUNT_INTERVAL_MS = 15_000;
const KEPT_MS = 2_000;

interface TimelineOptions {
  filter: Filter;
  /** Buckets at most. */
  buckets: number;
  /** Whether it is on the screen. */
  shown: boolean;
  figures: Figures | null;
}

/**
 * The histogram of a filter, which is asked for when it is looked at. What arrives is counted into its present bar at
 * once; the server is asked again some time after, at most every 15 seconds, and never when nothing arrived.
 */
export function useTimeline({ filter, buckets, shown, figures }: TimelineOptions) {
  const query = filterQuery(filter);
  const key = query.toString();
  query.set("buckets", String(buckets));
  const isLookedAt = useVisible() && shown;
  const timeline = useQuery({
    queryKey: [TIMELINE_KEY, query.toString()],
    queryFn: ({ signal }) => getTimeline(query, signal),
    enabled: isLookedAt,
    placeholderData: keepPreviousData,
    // It is not out of date only because it comes into sight again.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    ...WHILE_AWAY,
  });
  const { data, isPlaceholderData } = timeline;
  // While a filter changes, the cards and the bars may be of different ones.
  const current = figures && figures.filter === key && !isPlaceholderData ? figures : null;
  const isBehind = isLookedAt && data !== undefined && current !== null && current.total > data.total;
  useCatchUp(isBehind, timeline, COUNT_INTERVAL_MS);

  const now = Date.now() / 1_000;
  // What arrives after the dates of the filter has happened before: the server knows when.
  const isPast = filter.date_to !== null && now > filter.date_to;
  const counted = data && current && !isPast ? withArrivals(data, current, now) : data?.buckets;
  return { ...timeline, buckets: counted };
}
