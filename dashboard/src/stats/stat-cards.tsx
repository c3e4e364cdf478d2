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
import { NotCounted } from "../states/not-counted";
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
  /** Null while they are not known, of this filter. */
  stats: Stats | null;
  /** False where there is no list either, which then says why. */
  available: boolean;
  /** Why the server has not counted. */
  error: Error | null;
  onRetry: () => void;
}

export function StatCards({ stats, available, error, onRetry }: StatCardsProps) {
  const isWaiting = stats === null && available && error === null;
  return (
    <div className="relative overflow-hidden rounded-xl border border-line">
      <dl
        aria-label="Statistics"
        aria-busy={isWaiting}
        className="grid grid-cols-4 gap-px bg-line xl:grid-cols-8"
      >
        {CARDS.map((card) => (
          <StatCard key={card.key} card={card} stats={stats} isWaiting={isWaiting} />
        ))}
      </dl>
      {stats === null && available && error && (
        <NotCounted error={error} onRetry={onRetry} className="absolute inset-0 gap-3 bg-surface" />
      )}
    </div>
  );
}

interface StatCardProps {
  card: Card;
  stats: Stats | null;
  isWaiting: boolean;
}

function StatCard({ card, stats, isWaiting }: StatCardProps) {
  const { key, label, short, hint, icon: Icon, show, tone } = card;
  const value = stats?.[key];
  return (
    <div
      title={hint}
      className="flex min-w-0 flex-col gap-0.5 bg-surface px-2.5 py-2 sm:gap-1 sm:px-4 sm:py-3 xl:px-2.5 xl:@5xl:px-4"
    >
      <dt className="flex items-center gap-1.5 truncate text-2xs text-faint sm:text-xs">
        <Icon aria-hidden className="hidden size-3.5 shrink-0 sm:block xl:hidden xl:@5xl:block" />
        <span className="hidden truncate sm:inline xl:hidden xl:@5xl:inline">{label}</span>
        <span className="truncate sm:hidden xl:inline xl:@5xl:hidden">{short}</span>
      </dt>
      <dd
        title={typeof value === "number" ? formatNumber(value) : undefined}
        className={`tabular truncate text-sm font-semibold tracking-tight sm:text-xl/7 xl:text-base/7 xl:@5xl:text-xl/7 ${(stats && tone?.(stats)) || (stats ? "text-ink" : "text-faint")}`}
      >
        {stats ? show(stats) : isWaiting ? <Placeholder /> : "–"}
      </dd>
    </div>
  );
}

/** As high as a line of text, so that nothing moves when the value comes. A quick answer comes before it shows. */
const Placeholder = () => (
  <span aria-hidden className="animate-await flex h-[1lh] w-12 max-w-full items-center">
    <span className="h-[0.7em] w-full rounded bg-line" />
  </span>
);
