import { type BadgeState, type BadgeStatus, badgeOf, type Tone } from "./badge-state";

const LOOKS: Record<Tone, { text: string; dot: string }> = {
  good: { text: "text-good", dot: "bg-good" },
  warn: { text: "text-warn", dot: "bg-warn" },
  bad: { text: "text-bad", dot: "bg-bad" },
  rest: { text: "text-muted", dot: "bg-faint" },
};

const FIRST_PAGE = {
  page: 1,
  cursor: null,
  sort_by: "timestamp",
  sort_order: "desc",
  date_to: null,
} as const;

/** The badge of a page that has a stream but no list of activities. */
export function LiveBadge({ status }: { status: BadgeStatus }) {
  const nothing = { pulse: null, catchUp: null, held: null, newer: 0, failed: 0, rate: 0, lag: null };
  return <BadgeView state={badgeOf({ ...nothing, status, now: Date.now(), view: FIRST_PAGE })} />;
}

export function BadgeView({ state: { tone, text, detail, hint } }: { state: BadgeState }) {
  const look = LOOKS[tone];
  const isLive = tone === "good";
  return (
    <span
      data-live={tone}
      title={hint}
      className="inline-flex h-7 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-xs whitespace-nowrap"
    >
      <span className="relative flex size-2" aria-hidden>
        {isLive && (
          <span className="animate-ping-soft absolute inline-flex size-full rounded-full bg-good opacity-60" />
        )}
        <span className={`relative inline-flex size-2 rounded-full ${look.dot}`} />
      </span>
      <span className={`font-medium ${look.text}`}>{detail && tone === "rest" ? `${text}:` : text}</span>
      {detail && <span className="tabular min-w-0 truncate text-muted max-lg:hidden">{detail}</span>}
    </span>
  );
}
