import { memo } from "react";
import type { Activity } from "../api/types";
import { SenderText } from "../ui/sender-text";
import { TimeAgo } from "../ui/time-ago";
import { ActionMark, AdminMark, DelegateMark, DurationLabel, ResultBadge } from "./cells";
import type { RowListProps } from "./row-list";

/** The rows on a narrow screen. */
export function ActivityCards({ rows, fresh, openId, dimmed, onOpen }: RowListProps) {
  return (
    <ul
      aria-label="Activities"
      aria-busy={dimmed}
      className={`divide-y divide-line ${dimmed ? "opacity-50" : ""}`}
    >
      {rows.map((activity) => (
        <ActivityCard
          key={activity.id}
          activity={activity}
          fresh={fresh.has(activity.id)}
          open={activity.id === openId}
          onOpen={onOpen}
        />
      ))}
    </ul>
  );
}

interface ActivityCardProps {
  activity: Activity;
  fresh: boolean;
  open: boolean;
  onOpen: (id: string) => void;
}

const ActivityCard = memo(function ActivityCard({ activity, fresh, open, onOpen }: ActivityCardProps) {
  return (
    <li data-activity={activity.id} className={fresh ? "animate-arrive" : ""}>
      <button
        type="button"
        data-opens
        aria-haspopup="dialog"
        onClick={() => onOpen(activity.id)}
        className={`flex w-full items-start gap-3 px-3.5 py-2.5 text-left active:bg-hover ${open ? "bg-accent-soft" : ""} ${activity.success ? "" : "shadow-[inset_2px_0_0_var(--bad)]"}`}
      >
        <ActionMark activity={activity} />
        <span className="flex min-w-0 flex-1 flex-col gap-1">
          <span className="flex items-start justify-between gap-2">
            <span className="line-clamp-2 font-medium wrap-anywhere text-ink">
              <SenderText text={activity.description} sentence />
            </span>
            <TimeAgo seconds={activity.timestamp} className="tabular shrink-0 pt-px text-2xs text-faint" />
          </span>
          <span className="flex min-w-0 items-center gap-2 text-2xs text-faint">
            <ResultBadge activity={activity} />
            <AdminMark activity={activity} />
            <DelegateMark activity={activity} />
            <span className="truncate font-mono">
              <SenderText text={activity.action_type} />
            </span>
            {activity.ip_address && (
              <span className="shrink-[9] truncate font-mono">
                <SenderText text={activity.ip_address} />
              </span>
            )}
            {activity.duration_ms !== null && (
              <span className="ml-auto shrink-0">
                <DurationLabel ms={activity.duration_ms} />
              </span>
            )}
          </span>
          {activity.error_message && (
            <span className="truncate text-2xs text-bad">
              <SenderText text={activity.error_message} lines />
            </span>
          )}
        </span>
      </button>
    </li>
  );
});
