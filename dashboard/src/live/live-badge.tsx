import type { LiveStatus } from "./connection";

/** `none`: the server refuses the list, so there is nothing that a stream would go on from. */
export type BadgeStatus = LiveStatus | "none";

const LOOKS: Record<BadgeStatus, { text: string; hint: string; pill: string; dot: string }> = {
  live: {
    text: "Live",
    hint: "New activities appear as they happen.",
    pill: "bg-good-soft text-good",
    dot: "bg-good",
  },
  connecting: {
    text: "Connecting…",
    hint: "Opening the live stream.",
    pill: "bg-warn-soft text-warn",
    dot: "bg-warn animate-pulse",
  },
  reconnecting: {
    text: "Reconnecting…",
    hint: "The stream broke off. It resumes where it stopped; nothing is missed.",
    pill: "bg-warn-soft text-warn",
    dot: "bg-warn animate-pulse",
  },
  offline: {
    text: "Offline",
    hint: "This device has no network. The stream resumes where it stopped.",
    pill: "bg-bad-soft text-bad",
    dot: "bg-bad",
  },
  none: {
    text: "Not live",
    hint: "There is no list that new activities could be added to.",
    pill: "bg-hover text-muted",
    dot: "bg-faint",
  },
};

export function LiveBadge({ status, paused }: { status: BadgeStatus; paused: boolean }) {
  const look = LOOKS[status];
  const resting = paused && status === "live";
  return (
    <span
      role="status"
      title={resting ? "New activities are held back until you resume." : look.hint}
      className={`inline-flex h-6 items-center gap-2 rounded-full px-2.5 text-xs font-medium whitespace-nowrap ${resting ? "bg-hover text-muted" : look.pill}`}
    >
      <span className="relative flex size-1.5" aria-hidden>
        {status === "live" && !paused && (
          <span className="animate-ping-soft absolute inline-flex size-full rounded-full bg-good" />
        )}
        <span className={`relative inline-flex size-1.5 rounded-full ${resting ? "bg-faint" : look.dot}`} />
      </span>
      {resting ? "Paused" : look.text}
    </span>
  );
}
