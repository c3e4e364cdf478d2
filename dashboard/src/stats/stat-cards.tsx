import {
  Activity,
  CalendarClock,
  CircleCheck,
  CircleX,
  Gauge,
  type LucideIcon,
  Shield,
  UserRound,
  VenetianMask,
} from "lucide-react";
import type { Stats } from "../api/types";
import { formatCount, formatDuration, formatNumber, formatPercent } from "../ui/format";

interface Card {
  key: keyof Stats;
  label: string;
  /** For where a card is narrow: on a phone, and beside a drawer. */
  short: string;
  hint: string;
  icon: LucideIcon;
  show: (stats: Stats) => string;
  tone?: (stats: Stats) => string;
}

const rateTone = ({ success_rate, total_logs }: Stats) =>
  total_logs === 0 ? "" : success_rate >= 95 ? "text-good" : success_rate >= 80 ? "text-warn" : "text-bad";

const CARDS: readonly Card[] = [
  {
    key: "total_logs",
    label: "Total",
    short: "Total",
    hint: "Activities that match the filters",
    icon: Activity,
    show: (s) => formatCount(s.total_logs),
  },
  {
    key: "success_rate",
    label: "Success rate",
    short: "Success",
    hint: "Share of activities that worked",
    icon: CircleCheck,
    show: (s) => (s.total_logs === 0 ? "–" : formatPercent(s.success_rate)),
    tone: rateTone,
  },
  {
    key: "failed_count",
    label: "Failed",
    short: "Failed",
    hint: "Activities that did not work",
    icon: CircleX,
    show: (s) => formatCount(s.failed_count),
    tone: (s) => (s.failed_count > 0 ? "text-bad" : ""),
  },
  {
    key: "unique_users",
    label: "Users",
    short: "Users",
    hint: "Different users, anonymous ones included",
    icon: UserRound,
    show: (s) => formatCount(s.unique_users),
  },
  {
    key: "anonymous_users",
    label: "Anonymous",
    short: "Anonym.",
    hint: "Different anonymous users",
    icon: VenetianMask,
    show: (s) => formatCount(s.anonymous_users),
  },
  {
    key: "admin_actions",
    label: "Admin actions",
    short: "Admin",
    hint: "Activities of admins",
    icon: Shield,
    show: (s) => formatCount(s.admin_actions),
  },
  {
    key: "avg_duration_ms",
    label: "Avg. duration",
    short: "Average",
    hint: "Mean of the known durations",
    icon: Gauge,
    show: (s) => (s.avg_duration_ms === null ? "–" : formatDuration(s.avg_duration_ms)),
  },
  {
    key: "last_24h",
    label: "Last 24 h",
    short: "24 hours",
    hint: "The same filters, but the last 24 hours",
    icon: CalendarClock,
    show: (s) => formatCount(s.last_24h),
  },
];

interface StatCardsProps {
  stats: Stats | null;
  loading: boolean;
  /** Still the figures of the former filter, while those of this one are on their way. */
  former: boolean;
}

export function StatCards({ stats, loading, former }: StatCardsProps) {
  const dimmed = former && stats !== null;
  return (
    <dl
      aria-label="Statistics"
      aria-busy={dimmed}
      className="grid grid-cols-4 gap-px overflow-hidden rounded-xl border border-line bg-line xl:grid-cols-8"
    >
      {CARDS.map(({ key, label, short, hint, icon: Icon, show, tone }) => (
        <div
          key={key}
          title={hint}
          className="flex min-w-0 flex-col gap-0.5 bg-surface px-2.5 py-2 sm:gap-1 sm:px-4 sm:py-3 xl:px-2.5 xl:@5xl:px-4"
        >
          <dt className="flex items-center gap-1.5 truncate text-2xs text-faint sm:text-xs">
            <Icon aria-hidden className="hidden size-3.5 shrink-0 sm:block xl:hidden xl:@5xl:block" />
            <span className="hidden truncate sm:inline xl:hidden xl:@5xl:inline">{label}</span>
            <span className="truncate sm:hidden xl:inline xl:@5xl:hidden">{short}</span>
          </dt>
          <dd
            title={stats && typeof stats[key] === "number" ? formatNumber(stats[key]) : undefined}
            className={`tabular truncate text-sm font-semibold tracking-tight transition-opacity sm:text-xl/7 xl:text-base/7 xl:@5xl:text-xl/7 ${dimmed ? "opacity-40" : ""} ${(stats && tone?.(stats)) || "text-ink"}`}
          >
            {stats ? (
              show(stats)
            ) : !loading ? (
              "–"
            ) : (
              <span className="my-1 block h-5 w-14 animate-pulse rounded bg-line" />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
