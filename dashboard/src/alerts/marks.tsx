/** Small things that an alert is recognised by. */
import { BellOff, CircleAlert, Info, type LucideIcon, OctagonAlert, TriangleAlert } from "lucide-react";
import type { Alert, AlertState, Severity } from "../api/types";
import { type Text, t } from "../texts/texts";
import { Moment } from "../times/moment";
import { useTimes } from "../times/times";
import { Badge, type Tone } from "../ui/badge";
import { useClock } from "../ui/clock";
import { isMuted } from "./notices";
import { secondsOf } from "./times";

const SEVERITY_LOOKS: Record<Severity, { icon: LucideIcon; tone: string; text: Text }> = {
  critical: { icon: OctagonAlert, tone: "text-bad", text: "Critical" },
  warning: { icon: TriangleAlert, tone: "text-warn", text: "Warning" },
  notice: { icon: CircleAlert, tone: "text-muted", text: "Notice" },
  info: { icon: Info, tone: "text-faint", text: "Info" },
};

const toneOf = (severity: Severity): string => (SEVERITY_LOOKS[severity] ?? SEVERITY_LOOKS.info).tone;

export function severityText(severity: Severity): string {
  const text = SEVERITY_LOOKS[severity]?.text;
  return text ? t(text) : severity;
}

/** A severity as an icon; its name is in the tooltip and for those who listen. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const { icon: Icon, tone, text: key } = SEVERITY_LOOKS[severity] ?? SEVERITY_LOOKS.info;
  const text = t(key);
  return (
    <span title={text} className={`shrink-0 ${tone}`}>
      <Icon aria-hidden className="size-4" />
      <span className="sr-only">{text}:</span>
    </span>
  );
}

const STATE_LOOKS: Record<AlertState, { tone: Tone; text: Text }> = {
  open: { tone: "accent", text: "Open" },
  acknowledged: { tone: "neutral", text: "Acknowledged" },
  resolved: { tone: "neutral", text: "Resolved" },
};

export function stateText(state: AlertState): string {
  const text = STATE_LOOKS[state]?.text;
  return text ? t(text) : state;
}

export function StateBadge({ alert }: { alert: Alert }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-1.5">
      <Badge tone={STATE_LOOKS[alert.state]?.tone ?? "neutral"}>{stateText(alert.state)}</Badge>
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
    <span
      title={t("Muted until {time}", { time: times.dateTime(secondsOf(alert.muted_until)) })}
      className="text-faint"
    >
      <BellOff aria-hidden className="size-3.5" />
      <span className="sr-only">{t("muted")}</span>
    </span>
  );
}

/** The activity that raised it came late, so the alert is later than what it is about. */
export function LateMark({ alert, className = "" }: { alert: Pick<Alert, "late">; className?: string }) {
  if (!alert.late) return null;
  return (
    <span
      className={className}
      title={t("The activity that raised it arrived more than a minute after it happened.")}
    >
      <Badge>{t("late")}</Badge>
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
        {t("ongoing")} · <span className="text-muted">{last}</span>
      </span>
    </span>
  );
}
