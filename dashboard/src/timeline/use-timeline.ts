import { useQuery } from "@tanstack/react-query";
import { ask } from "../api/asked";
import { getTimeline } from "../api/calls";
import { WHILE_AWAY } from "../api/while-away";
import { type Filter, filterQuery } from "../filters/view";
import { isCountOf } from "../live/feed";
import { useCatchUp } from "../live/use-catch-up";
import { isOutdated, missingFrom, type Seen } from "../stats/arrivals";
import { OVERVIEW_KEY } from "../stats/overview-key";
import { useClock } from "../ui/clock";
import { useVisible } from "../ui/visibility";
import { withArrivals } from "./arithmetic";

export const TIMELINE_KEY = "timeline";
const COUNT_INTERVAL_MS = 30_000;
const FIRST_INTERVAL_MS = 2_000;
const KEPT_MS = 2_000;

interface TimelineOptions {
  filter: Filter;
  /** Buckets at most. */
  buckets: number;
  /** Whether anything shows it. */
  shown: boolean;
  /** What the stream has brought; null where it brings nothing to these dates. */
  seen: Seen | null;
  /** The former answer stands in until the next one has come, though it is of another filter. */
  keepsFormer?: boolean;
}

/**
 * The counts of a filter over time, which are asked for when they are looked at. What arrives is counted into its bucket
 * at once; the server is asked again some time after, at most every 30 seconds, and never when nothing arrived.
 */
export function useTimeline({ filter, buckets, shown, seen, keepsFormer = false }: TimelineOptions) {
  const query = filterQuery(filter);
  query.set("buckets", String(buckets));
  const isLookedAt = useVisible() && shown;
  const timeline = useQuery({
    queryKey: [OVERVIEW_KEY, TIMELINE_KEY, query.toString()],
    queryFn: ({ signal }) => ask(() => getTimeline(query, signal)),
    enabled: isLookedAt,
    ...(keepsFormer && { placeholderData: <Answer>(former: Answer) => former }),
    // It is not out of date only because it comes into sight again.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    ...WHILE_AWAY,
  });
  const { data, isPlaceholderData } = timeline;
  const current = isPlaceholderData ? undefined : data;
  const missing = current && seen ? missingFrom(current, seen, filter.date_from) : [];
  const isStale = current !== undefined && seen?.anchor != null && !isCountOf(current, seen.anchor);
  // An empty answer has no buckets that an arrival could be put into, and another list has arrivals of its own.
  const interval = isStale || current?.buckets.length === 0 ? FIRST_INTERVAL_MS : COUNT_INTERVAL_MS;
  useCatchUp(isLookedAt && (isStale || isOutdated(missing)), timeline, interval);

  const width = current?.bucket_seconds ?? 1;
  const isOpen = current !== undefined && filter.date_from !== null && filter.date_to === null;
  const present = useClock((now) => (isOpen ? Math.floor(now / width) * width : 0));
  const counted = current ? withArrivals(current, missing, isOpen ? present : null) : data?.buckets;
  return { ...timeline, buckets: counted, isCurrent: current !== undefined };
}
