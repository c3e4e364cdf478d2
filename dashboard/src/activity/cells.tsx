/** What rows are put together from, in the table and on the phone's cards. Colour is for trouble only. */

import type { Activity } from "../api/types";
import { t } from "../texts/texts";
import { Ago } from "../times/moment";
import { useTimes } from "../times/times";
import { clockParts, isoDay } from "../times/zone";
import { Badge } from "../ui/badge";
import { formatDuration } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { Value } from "../values/value";
import { ActivityIcon } from "./activity-icon";

export const isGrave = ({ severity }: Activity): boolean => severity === "warning" || severity === "critical";

export function ActionMark({ activity }: { activity: Activity }) {
  const tone = !activity.success ? "text-bad" : isGrave(activity) ? "text-warn" : "text-faint";
  return (
    <span title={visibleText(activity.action_type)} className={`flex shrink-0 items-center ${tone}`}>
      <Value field="action_filter" value={activity.action_type}>
        <ActivityIcon name={activity.icon} className="size-3.5" />
      </Value>
    </span>
  );
}

interface ClockTimeProps {
  activity: Activity;
  /** Says the day as well. */
  dated?: boolean;
}

export function ClockTime({ activity: { occurred_at }, dated = false }: ClockTimeProps) {
  const times = useTimes();
  const milliseconds = Date.parse(occurred_at);
  const { clock, fraction } = clockParts(times.zone, milliseconds);
  const exact = `${clock}${fraction} ${times.zone.name}`;
  return (
    <time
      dateTime={occurred_at}
      title={`${times.day(milliseconds)}\n${exact}\n${occurred_at} (UTC)`}
      className="tabular font-mono text-xs whitespace-nowrap text-muted"
    >
      {times.isRelative ? (
        <Ago seconds={milliseconds / 1_000} />
      ) : (
        <>
          {dated && <span className="mr-1.5 text-faint">{isoDay(times.zone, milliseconds)}</span>}
          {clock}
          <span className="text-faint">{fraction}</span>
        </>
      )}
    </time>
  );
}

/** Only what is not as it should be: most requests are answered with a 2xx. */
export function StatusCode({ activity, others = 0 }: { activity: Activity; others?: number }) {
  const { status_code, success } = activity;
  const isUsual = status_code === null || (status_code >= 200 && status_code < 300);
  if (success && isUsual) return null;
  return (
    <span className={`tabular font-mono text-xs ${success ? "text-muted" : "font-medium text-bad"}`}>
      {status_code === null ? (
        t("failed|short")
      ) : (
        <Value field="status" value={String(status_code)}>
          {status_code}
        </Value>
      )}
      {others > 0 && ` +${others}`}
      {!success && status_code !== null && <span className="sr-only"> {t("failed")}</span>}
    </span>
  );
}

const BAR_PX = 36;

/** `share`: of what 95% of the action's activities take at most, 0 to 1; null where that is not known. */
export function Duration({ ms, share, failed }: { ms: number; share: number | null; failed: boolean }) {
  return (
    <span className="inline-flex items-center justify-end gap-2">
      {share !== null && (
        <span
          aria-hidden
          className={`h-[3px] rounded-full ${failed ? "bg-bad" : "bg-line-strong"}`}
          style={{ width: Math.max(2, Math.round(share * BAR_PX)) }}
        />
      )}
      <span className="tabular text-xs whitespace-nowrap text-muted">{formatDuration(ms)}</span>
    </span>
  );
}

/** The result in a word, for where one activity is shown by itself. */
export function ResultBadge({ activity }: { activity: Activity }) {
  const word = activity.success ? t("Success|result") : t("Failed|result");
  return (
    <Badge tone={activity.success ? "neutral" : "bad"}>
      {activity.status_code === null ? (
        word
      ) : (
        <>
          <span className="tabular font-mono">{activity.status_code}</span>
          <span className={activity.success ? "sr-only" : ""}>{word}</span>
        </>
      )}
    </Badge>
  );
}

/** The sender's words for what went wrong. */
export function ErrorText({ text }: { text: string }) {
  return (
    <span title={visibleText(text, true)} className="min-w-0 truncate text-bad">
      <SenderText text={text} lines />
    </span>
  );
}
