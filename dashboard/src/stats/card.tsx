import { memo } from "react";
import { t } from "../texts/texts";
import type { Card, Figure } from "./cards";

interface StatCardProps {
  card: Card;
  figure: Figure;
  /** Whether its filter is set; null where it has none. */
  isOn: boolean | null;
  canAct: boolean;
  isWaiting: boolean;
  /** The figures are those of the last 24 hours, because the view names no dates. */
  isLastDay: boolean;
  onAct: () => void;
}

/** One figure: a button that filters the log by what it counts. */
export function StatCard({ card, figure, isOn, canAct, isWaiting, isLastDay, onAct }: StatCardProps) {
  const { key, filter } = card;
  const label = t(card.label);
  const { value, exact, change, former, share, path, isBad } = figure;
  const scope = isLastDay && key !== "hour" ? t("last 24 hours") : null;
  const saysScope = scope !== null && key === "activities";
  const narrow = saysScope ? t("Last 24 h") : t(card.short);
  const words = [exact ?? value ?? t("not known yet"), change?.words, share, scope]
    .filter(Boolean)
    .join(", ");
  const act = filter ? t(filter.hint) : canAct ? t("Show everything again") : "";
  return (
    <button
      type="button"
      data-card={key}
      aria-pressed={isOn ?? undefined}
      aria-disabled={!canAct || undefined}
      title={[`${t(card.hint)}${scope ? `, ${scope}` : ""}: ${words}`, act].filter(Boolean).join(". ")}
      onClick={onAct}
      className={`relative flex h-15.5 w-full min-w-0 flex-col px-2.5 py-1.5 text-left outline-offset-[-2px] @[38rem]:h-19 @[38rem]:px-2 @[38rem]:py-2.5 @[52rem]:px-3 ${isOn ? "bg-accent-soft shadow-[inset_0_-2px_0_var(--accent)]" : canAct ? "hover:bg-hover" : "cursor-default!"}`}
    >
      {/* The name of the button: it begins with the label that is to be seen, and signs are words in it. */}
      <span className="sr-only">
        <span className="@[52rem]:hidden">{narrow}</span>
        <span className="hidden @[52rem]:inline">{label}</span>
        {`: ${words}`}
      </span>
      <span aria-hidden className="w-full truncate text-2xs leading-3.5 text-muted">
        <span className="@[52rem]:hidden">{narrow}</span>
        <span className="hidden @[52rem]:inline">{label}</span>
        {saysScope && <span className="hidden text-faint @[52rem]:inline"> · {t("24 h")}</span>}
      </span>
      <span aria-hidden className="flex w-full min-w-0 items-baseline gap-1.5">
        <span
          data-value
          className={`tabular truncate text-sm/5 font-semibold tracking-tight @[52rem]:text-base/6 ${value === null ? "text-faint" : isBad ? "text-bad" : "text-ink"}`}
        >
          {value ?? (isWaiting ? <Placeholder /> : "–")}
        </span>
        <ChangeText change={change} isBad={isBad} className="hidden @[68rem]:inline" />
      </span>
      <span aria-hidden className="flex h-4 w-full min-w-0 items-center gap-2">
        <ChangeText change={change} isBad={isBad} className="@[68rem]:hidden" />
        {/* Its answer may come after the share, which then keeps its place. */}
        <span
          className={`hidden truncate text-2xs text-faint @[68rem]:block ${share ? "w-15 shrink-0" : ""}`}
        >
          {path === null
            ? former && t("{former} before", { former })
            : path && <Sparkline path={path} isBad={isBad} />}
        </span>
        {share && <span className="hidden truncate text-2xs text-faint @[68rem]:inline">{share}</span>}
      </span>
    </button>
  );
}

interface ChangeTextProps {
  change: Figure["change"];
  isBad: boolean;
  className: string;
}

const ChangeText = ({ change, isBad, className }: ChangeTextProps) =>
  change && (
    <span
      data-change
      className={`tabular text-2xs whitespace-nowrap ${isBad && change.isRise ? "text-bad" : "text-faint"} ${className}`}
    >
      {change.text}
    </span>
  );

/** The figure over time; the chart has the same in words. */
const Sparkline = memo(function Sparkline({ path, isBad }: { path: string; isBad: boolean }) {
  return (
    <svg aria-hidden viewBox="0 0 60 14" className={`h-3.5 w-15 ${isBad ? "text-bad" : "text-faint"}`}>
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.25" strokeLinejoin="round" />
    </svg>
  );
});

/** As high as a line of text, so that nothing moves when the value comes. A quick answer comes before it shows. */
const Placeholder = () => (
  <span aria-hidden className="animate-await inline-flex h-[1lh] w-10 max-w-full items-center align-top">
    <span className="h-[0.7em] w-full rounded bg-line" />
  </span>
);
