import { useRef } from "react";
import type { Bucket, Timeline } from "../api/types";
import { type Filter, isFiltered, NO_FILTER, type View } from "../filters/view";
import type { Feed } from "../live/feed";
import { countBetween, type GhostPoint, ghostOf } from "../timeline/arithmetic";
import { useTimeline } from "../timeline/use-timeline";
import { nowSeconds, useClock } from "../ui/clock";
import { useWide } from "../ui/use-media";
import { useThrottled } from "../ui/use-throttled";
import { NOTHING_SEEN, remember } from "./arrivals";
import { lastTwoHours, NO_DATES, type Period, periodOf } from "./period";
import { kindOf, useFigures } from "./use-figures";

const MOVE_EVERY_MS = 1_000;
const BUCKETS = { wide: 100, narrow: 40 };
/** Up to three hours by the minute. */
const MINUTES = 181;
const HOUR = 3_600;

export interface HourFigures {
  now: number;
  before: number;
  /** By the minute. */
  buckets: readonly Bucket[];
}

interface OverviewOptions {
  view: View;
  /** Null while there is no list of this filter. */
  feed: Feed | null;
  /** False where there is no list either, which then says why. */
  available: boolean;
  /** Whether anything of it is on the screen. */
  shown: boolean;
  folded: boolean;
}

/** All figures over the list: those of the cards, of their sparklines and of the chart. */
export function useOverview({ view, feed: latest, available, shown, folded }: OverviewOptions) {
  const kept = useRef(NOTHING_SEEN);
  kept.current = remember(kept.current, latest);
  const moved = { feed: latest, seen: kept.current };
  const { feed, seen } = useThrottled(useSame(moved), keyOf(latest), MOVE_EVERY_MS);
  const wide = useWide();
  const period = usePeriod(view);
  const filter: Filter = { ...view, ...period.dates };
  const isPast = period.dates.date_to !== null && period.dates.date_to < nowSeconds();
  const streamed = isPast || feed === null ? null : seen;
  const active = available && shown;

  const ofDay = useFigures({
    filter,
    kind: kindOf(period),
    enabled: active && period.isDefault,
    seen: streamed,
  });
  const known = period.isDefault ? ofDay.stats : (feed?.stats ?? null);
  const stats = available ? known : null;
  const timeline = useTimeline({
    filter,
    buckets: wide ? BUCKETS.wide : BUCKETS.narrow,
    shown: active && (wide || !folded),
    seen: streamed,
    keepsFormer: true,
  });
  const hour = useHour({ filter: view, enabled: active, seen: streamed });

  // What these are compared with is asked for afterwards.
  const canCompare = active && stats !== null;
  const before = useBefore(period, view, canCompare, !folded && timeline.isCurrent);
  const isPart = isFiltered({ ...view, ...NO_DATES, tenant_id: null });
  const whole = useFigures({
    filter: { ...NO_FILTER, tenant_id: view.tenant_id, ...period.dates },
    kind: kindOf(period),
    enabled: canCompare && isPart,
    seen: null,
  });
  return {
    period,
    stats,
    before: before.stats,
    whole: isPart ? whole.stats : null,
    hour: available ? hour : null,
    timeline,
    ghost: ghostIn(timeline.data, before.timeline, period),
    error: period.isDefault ? ofDay.error : null,
    retry: ofDay.retry,
  };
}

export type Overview = ReturnType<typeof useOverview>;

/** Until there are statistics, and with those of another list, nothing is held back. */
const keyOf = (feed: Feed | null) => `${feed?.anchor.askedAt} ${feed?.anchor.filter} ${feed?.stats == null}`;

/** The same pair as long as its parts are the same. */
function useSame<T extends object>(value: T): T {
  const kept = useRef(value);
  const isSame = Object.keys(value).every((key) => kept.current[key as keyof T] === value[key as keyof T]);
  if (!isSame) kept.current = value;
  return kept.current;
}

/** It changes with the clock, at most every quarter of an hour where the view names no dates. */
function usePeriod({ date_from, date_to }: View): Period {
  const text = useClock((now) => JSON.stringify(periodOf({ date_from, date_to }, now)));
  return JSON.parse(text) as Period;
}

function useBefore({ before }: Period, view: View, canCompare: boolean, drawsGhost: boolean) {
  const filter: Filter = { ...view, ...(before ?? NO_DATES) };
  const wide = useWide();
  const { stats } = useFigures({
    filter,
    kind: "before",
    enabled: canCompare && before !== null,
    seen: null,
  });
  const { data } = useTimeline({
    filter,
    buckets: wide ? BUCKETS.wide : BUCKETS.narrow,
    shown: before !== null && drawsGhost && canCompare,
    seen: null,
  });
  return { stats, timeline: data };
}

function ghostIn(shown: Timeline | undefined, before: Timeline | undefined, period: Period): GhostPoint[] {
  const from = period.dates.date_from;
  const start = period.before?.date_from ?? null;
  return shown && before && from !== null && start !== null ? ghostOf(before, from - start, shown) : [];
}

interface HourOptions {
  filter: Filter;
  enabled: boolean;
  seen: Parameters<typeof useTimeline>[0]["seen"];
}

/** The hour that ends now, and the one before it, to the minute. */
function useHour({ filter, enabled, seen }: HourOptions): HourFigures | null {
  const from = useClock((now) => lastTwoHours(now).date_from ?? 0);
  const minute = useClock((now) => Math.floor(now / 60) * 60);
  const { buckets, isCurrent } = useTimeline({
    filter: { ...filter, date_from: from, date_to: null },
    buckets: MINUTES,
    shown: enabled,
    seen,
  });
  if (!buckets || !isCurrent) return null;
  const end = minute + 60;
  return {
    now: countBetween(buckets, end - HOUR, Number.POSITIVE_INFINITY),
    before: countBetween(buckets, end - 2 * HOUR, end - HOUR),
    buckets: buckets.filter(({ start }) => start >= end - HOUR),
  };
}
