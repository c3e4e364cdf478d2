/** What the cells of the table show; the phone's cards are put together from the same parts. */

import { Bot, Shield, UserRoundCog } from "lucide-react";
import type { Activity } from "../api/types";
import { Badge } from "../ui/badge";
import { formatDuration } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { ActivityIcon } from "./activity-icon";
import { delegateText } from "./delegate";
import { Unknown } from "./unknown";
import { isAnonymous, userName, userSubtitle } from "./user-name";

export function ActionMark({ activity }: { activity: Activity }) {
  const tone = !activity.success
    ? "bg-bad-soft text-bad"
    : activity.severity === "warning" || activity.severity === "critical"
      ? "bg-warn-soft text-warn"
      : "bg-hover text-muted";
  return (
    <span className={`flex size-7 shrink-0 items-center justify-center rounded-md ${tone}`}>
      <ActivityIcon name={activity.icon} className="size-3.5" />
    </span>
  );
}

export function ActionType({ activity }: { activity: Activity }) {
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-2xs text-faint">
      <span className={`truncate font-mono ${activity.error_message ? "max-w-1/2 shrink-0" : ""}`}>
        <SenderText text={activity.action_type} />
      </span>
      {activity.error_message && (
        <span title={visibleText(activity.error_message, true)} className="truncate text-bad">
          <SenderText text={activity.error_message} lines />
        </span>
      )}
    </span>
  );
}

export function AdminMark({ activity }: { activity: Activity }) {
  if (!activity.is_admin) return null;
  return (
    <span title="Acting as an admin" className="shrink-0 text-accent">
      <Shield aria-hidden className="size-3" />
      <span className="sr-only">admin</span>
    </span>
  );
}

/** Another party acted in the user's name. The activity's sentence names it, too. */
export function DelegateMark({ activity }: { activity: Activity }) {
  const text = delegateText(activity);
  if (text === null) return null;
  const Icon = activity.delegate_type === "user" ? UserRoundCog : Bot;
  return (
    <span title={visibleText(text)} className="shrink-0 text-accent">
      <Icon aria-hidden className="size-3" />
      <span className="sr-only">
        <SenderText text={text} />
      </span>
    </span>
  );
}

export function UserLabel({ activity }: { activity: Activity }) {
  const subtitle = userSubtitle(activity);
  const anonymous = isAnonymous(activity);
  return (
    <span
      className="flex min-w-0 flex-col"
      title={[...new Set([userName(activity), activity.user_id])].map((text) => visibleText(text)).join("\n")}
    >
      <span className="flex min-w-0 items-center gap-1.5">
        <span className={`truncate ${anonymous ? "font-mono text-xs text-muted" : ""}`}>
          <SenderText text={userName(activity)} />
        </span>
        <AdminMark activity={activity} />
        <DelegateMark activity={activity} />
      </span>
      {anonymous ? (
        <span className="truncate text-2xs text-faint">Anonymous</span>
      ) : (
        subtitle && (
          <span className="truncate text-2xs text-faint">
            <SenderText text={subtitle} />
          </span>
        )
      )}
    </span>
  );
}

export function RequestLabel({ activity }: { activity: Activity }) {
  if (!activity.endpoint && !activity.http_method) return <Unknown />;
  return (
    <span
      className="flex min-w-0 items-baseline gap-1.5 font-mono text-xs"
      title={visibleText([activity.http_method, activity.endpoint].filter(Boolean).join(" "))}
    >
      {activity.http_method && (
        <span className="shrink-0 text-2xs text-faint">
          <SenderText text={activity.http_method} />
        </span>
      )}
      {activity.endpoint && (
        <span className="truncate text-muted">
          <SenderText text={activity.endpoint} />
        </span>
      )}
    </span>
  );
}

export function ResultBadge({ activity }: { activity: Activity }) {
  const word = activity.success ? "Success" : "Failed";
  return (
    <Badge tone={activity.success ? "good" : "bad"}>
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

export function DurationLabel({ ms }: { ms: number | null }) {
  if (ms === null) return <Unknown />;
  const tone = ms >= 5_000 ? "text-bad" : ms >= 1_000 ? "text-warn" : "text-muted";
  return <span className={`tabular whitespace-nowrap ${tone}`}>{formatDuration(ms)}</span>;
}
