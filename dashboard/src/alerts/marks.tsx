/** Small things that an alert is recognised by. */
import { BellOff, CircleAlert, Info, type LucideIcon, OctagonAlert, TriangleAlert } from "lucide-react";
import type { Alert, AlertState, Severity } from "../api/types";
import { Moment } from "../times/moment";
import { useTimes } from "../times/times";
import { Badge, type Tone } from "../ui/badge";
import { useClock } from "../ui/clock";
import { isMuted } from "./notices";
import { secondsOf } from "./times";

const SEVERITY_LOOKS: Record<Severity, { icon: LucideIcon; tone: string; text: string }> = {
  critical: { icon: OctagonAlert, tone: "text-bad", text: "Critical" },
  warning: { icon: TriangleAlert, tone: "text-warn", text: "Warning" },
  notice: { icon: CircleAlert, tone: "text-muted", text: "Notice" },
  info: { icon: Info, tone: "text-faint", text: "Info" },
};

const toneOf = (severity: Severity): string => (SEVERITY_LOOKS[severity] ?? SEVERITY_LOOKS.info).tone;

export const severityText = (severity: Severity): string => SEVERITY_LOOKS[severity]?.text ?? severity;

/** A severity as an icon; its name is in the tooltip and for those who listen. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const { icon: Icon, tone, text } = SEVERITY_LOOKS[severity] ?? SEVERITY_LOOKS.info;
  return (
    <span title={text} className={`shrink-0 ${tone}`}>
      <Icon aria-hidden className="size-4" />
      <span className="sr-only">{text}:</span>
    </span>
  );
}

const STATE_LOOKS: Record<AlertState, { tone: Tone; text: string }> = {
  open: { tone: "accent", text: "Open" },
  acknowledged: { tone: "neutral", text: "Acknowledged" },
  resolved: { tone: "neutral", text: "Resolved" },
};

export const stateText = (state: AlertState): string => STATE_LOOKS[state].text;

export function StateBadge({ alert }: { alert: Alert }) {
  const { tone, text } = STATE_LOOKS[alert.state] ?? { tone: "neutral", text: alert.state };
  return (
    <span className="inline-flex shrink-0 items-center gap-1.5">
      <Badge tone={tone}>{text}</Badge>
      <MutedMark alert={alert} />
    </span>
  );
}

export const useMuted = (alert: Pick<Alert, "muted_until">): boolean =>
  useClock((now) => isMuted(alert, now));

function MutedMark({ alert }: { alert: Alert }) {
  const times = useTimes();
  const muted = useMuted(alert);
  if (!muted || alert.muted_until === null) return null;
  return (
    <span title={`Muted until ${times.dateTime(secondsOf(alert.muted_until))}`} className="text-faint">
      <BellOff aria-hidden className="size-3.5" />
      <span className="sr-only">muted</span>
    </span>
  );
}

/** The activity that raised it came late, so the alert is later than what it is about. */
export function LateMark({ alert, className = "" }: { alert: Pick<Alert, "late">; className?: string }) {
  if (!alert.late) return null;
  return (
    <span
      className={className}
      title="The activity that raised it arrived more than a minute after it happened."
    >
      <Badge>late</Badge>
    </span>
  );
}

/** "ongoing · 15:14:03", or only when its last activity happened. */
export function LastLabel({ alert }: { alert: Pick<Alert, "ongoing" | "last_at" | "severity"> }) {
  const last = <Moment seconds={secondsOf(alert.last_at)} />;
  if (!alert.ongoing) return <span className="whitespace-nowrap text-muted">{last}</span>;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-ink">
      <span aria-hidden className={`size-1.5 rounded-full bg-current ${toneOf(alert.severity)}`} />
      <span>
        ongoing · <span className="text-muted">{last}</span>
      </span>
    </span>
  );
}
