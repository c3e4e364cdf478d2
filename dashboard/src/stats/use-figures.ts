import { useQuery } from "@tanstack/react-query";
import { ask } from "../api/asked";
import { getStats } from "../api/calls";
import type { Stats } from "../api/types";
import { WHILE_AWAY } from "../api/while-away";
import { type Filter, filterQuery } from "../filters/view";
import { isCountOf } from "../live/feed";
import { useCatchUp } from "../live/use-catch-up";
import { nowSeconds } from "../ui/clock";
import { useVisible } from "../ui/visibility";
import { isOutdated, missingFrom, type Seen, withMissing } from "./arrivals";
import { OVERVIEW_KEY } from "./overview-key";
import { NO_DATES, type Period } from "./period";

const COUNT_INTERVAL_MS = 30_000;
/** What belongs to a former list is asked for at once. */
const FIRST_INTERVAL_MS = 2_000;
const KEPT_MS = 2_000;

interface FiguresOptions {
  filter: Filter;
  /** Which dates they are of: while these are the same in words, the former figures stay until the next have come. */
  kind: string;
  enabled: boolean;
  /** What the stream has brought; null for a period that is over. */
  seen: Seen | null;
}

/** The figures of a filter, moved by what has arrived since. They are asked for again at most every 30 seconds. */
export function useFigures({ filter, kind, enabled, seen }: FiguresOptions) {
  const base = `${kind}?${filterQuery({ ...filter, ...NO_DATES })}`;
  const query = filterQuery(filter);
  const isLookedAt = useVisible() && enabled;
  const figures = useQuery({
    queryKey: [OVERVIEW_KEY, "stats", base, query.toString()],
    queryFn: ({ signal }) => ask(() => getStats(query, signal)),
    enabled: isLookedAt,
    placeholderData: (former, by) => (by?.queryKey[2] === base ? former : undefined),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    ...WHILE_AWAY,
  });
  const { data, error, refetch, isPlaceholderData } = figures;
  const missing = data && seen ? missingFrom(data, seen, filter.date_from) : [];
  const isStale = data !== undefined && seen?.anchor != null && !isCountOf(data, seen.anchor);
  useCatchUp(
    isLookedAt && !isPlaceholderData && (isStale || isOutdated(missing)),
    figures,
    isStale ? FIRST_INTERVAL_MS : COUNT_INTERVAL_MS,
  );
  const stats: Stats | null = data && enabled ? withMissing(data.stats, missing, nowSeconds()) : null;
  return { stats, error, retry: () => void refetch() };
}

export const kindOf = ({ isDefault, dates }: Period): string =>
  isDefault ? "24h" : `${dates.date_from}-${dates.date_to}`;
