import type { Activity } from "../api/types";
import { TimeAgo } from "../ui/time-ago";

const local = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const ZONE = local.resolvedOptions().timeZone;

/** When it happened: by the reader's clock, in UTC, and how long ago. */
export function When({ activity }: { activity: Activity }) {
  const moment = new Date(activity.occurred_at);
  return (
    <p className="tabular flex flex-wrap gap-x-3 text-xs text-faint">
      <span className="text-muted">
        {local.format(moment)} <span className="text-faint">{ZONE}</span>
      </span>
      {ZONE !== "UTC" && <span>{moment.toISOString().replace("T", " ").replace("Z", " UTC")}</span>}
      <TimeAgo seconds={activity.timestamp} />
    </p>
  );
}
