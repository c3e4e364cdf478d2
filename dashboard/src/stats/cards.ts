/** The eight cards: what each says, and what it is compared with. */
import type { Bucket, Stats } from "../api/types";
import type { Text } from "../texts/texts";
import { formatCount, formatDuration, formatNumber, formatPercent } from "../ui/format";
import { CARD_FILTERS, type CardFilter } from "./card-filters";
import { type Change, countChange, durationChange, pointChange, relativeChange, shareText } from "./change";
import { ratios, resample, sparklinePath } from "./sparkline";
import type { HourFigures, Overview } from "./use-overview";

export type CardKey = "activities" | "success" | "failed" | "users" | "anonymous" | "admin" | "p95" | "hour";

/** A figure as a card shows it. Null: not known yet. */
export interface Figure {
  value: string | null;
  /** The value in full, where the card shortens it. */
  exact: string | null;
  change: Change | null;
  /** What it was in the period before, as a card shows it. */
  former: string | null;
  share: string | null;
  /** The sparkline. Null: the card has none; empty: not known yet, or nothing to draw. */
  path: string | null;
  isBad: boolean;
}

export interface Card {
  key: CardKey;
  label: Text;
  /** Where a card is narrow: on a phone. */
  short: Text;
  hint: Text;
  filter: CardFilter | null;
  read: (overview: Overview) => Figure;
}

const LINE = { width: 60, height: 14 };
const UNKNOWN: Figure = {
  value: null,
  exact: null,
  change: null,
  former: null,
  share: null,
  path: null,
  isBad: false,
};
const NOTHING = "–";

const countLine = (buckets: readonly Bucket[], name: "count" | "failed_count") =>
  sparklinePath(resample(buckets.map((bucket) => bucket[name])), { ...LINE, floor: 0 });

function rateLine(buckets: readonly Bucket[]): string {
  const worked = resample(buckets.map(({ success_count }) => success_count));
  return sparklinePath(ratios(worked, resample(buckets.map(({ count }) => count))), LINE);
}

/** The line of these buckets, unless they are still those of another filter. */
const drawn = ({ buckets, isCurrent }: Overview["timeline"], line: (buckets: readonly Bucket[]) => string) =>
  isCurrent && buckets ? line(buckets) : "";

type CountName = "total_logs" | "failed_count" | "unique_users" | "anonymous_users" | "admin_actions";

/** A card that counts. */
const counting =
  (
    name: CountName,
    compare: typeof countChange,
    line: ((buckets: readonly Bucket[]) => string) | null = null,
  ) =>
  ({ stats, before, whole, timeline }: Overview): Figure => {
    if (!stats) return UNKNOWN;
    return {
      value: formatCount(stats[name]),
      exact: formatNumber(stats[name]),
      change: before && compare(stats[name], before[name]),
      former: before && formatCount(before[name]),
      share: whole && shareText(stats[name], whole[name]),
      path: line && drawn(timeline, line),
      isBad: name === "failed_count" && stats.failed_count > 0,
    };
  };

/** A card of a figure that there is only where something is counted. */
const measuring =
  (read: (stats: Stats) => number | null, write: (value: number) => string, compare: typeof pointChange) =>
  ({ stats, before }: Overview): Figure => {
    if (!stats) return UNKNOWN;
    const value = read(stats);
    if (value === null) return { ...UNKNOWN, value: NOTHING };
    const former = before && read(before);
    if (former === null) return { ...UNKNOWN, value: write(value) };
    return { ...UNKNOWN, value: write(value), change: compare(value, former), former: write(former) };
  };

const success = measuring(
  ({ total_logs, success_rate }) => (total_logs > 0 ? success_rate : null),
  formatPercent,
  pointChange,
);

function ofHour(hour: HourFigures | null): Figure {
  if (!hour) return UNKNOWN;
  return {
    ...UNKNOWN,
    value: formatCount(hour.now),
    exact: formatNumber(hour.now),
    change: relativeChange(hour.now, hour.before),
    path: countLine(hour.buckets, "count"),
  };
}

export const CARDS: readonly Card[] = [
  {
    key: "activities",
    label: "Activities",
    short: "Activities",
    hint: "Activities that match the filters",
    filter: null,
    read: counting("total_logs", relativeChange, (buckets) => countLine(buckets, "count")),
  },
  {
    key: "success",
    label: "Success",
    short: "Success",
    hint: "Share of activities that worked",
    filter: CARD_FILTERS.success,
    read: (overview) => ({ ...success(overview), path: drawn(overview.timeline, rateLine) }),
  },
  {
    key: "failed",
    label: "Failed",
    short: "Failed|short",
    hint: "Activities that did not work",
    filter: CARD_FILTERS.failed,
    read: counting("failed_count", relativeChange, (buckets) => countLine(buckets, "failed_count")),
  },
  {
    key: "users",
    label: "Users",
    short: "Users",
    hint: "Different users, anonymous ones included",
    filter: CARD_FILTERS.users,
    read: counting("unique_users", countChange),
  },
  {
    key: "anonymous",
    label: "Anonymous",
    short: "Anonym.",
    hint: "Different anonymous users",
    filter: CARD_FILTERS.anonymous,
    read: counting("anonymous_users", countChange),
  },
  {
    key: "admin",
    label: "Admin actions",
    short: "Admin",
    hint: "Activities of admins",
    filter: CARD_FILTERS.admin,
    read: counting("admin_actions", countChange),
  },
  {
    key: "p95",
    label: "p95 duration",
    short: "p95",
    hint: "95% took no longer than this",
    filter: CARD_FILTERS.slowest,
    read: measuring(({ p95_duration_ms }) => p95_duration_ms, formatDuration, durationChange),
  },
  {
    key: "hour",
    label: "Last hour",
    short: "Last hour",
    hint: "Activities that match the filters in the last hour",
    filter: CARD_FILTERS.hour,
    read: ({ hour }) => ofHour(hour),
  },
];
