/** The columns of reports whose rows are activities. */
import { ClockTime, ResultBadge } from "../activity/cells";
import { userName } from "../activity/user-name";
import type { Activity } from "../api/types";
import { literally } from "../filters/terms";
import type { Column } from "../table/columns";
import { LogLink } from "../table/log-link";
import { sentenceOf } from "../texts/actions";
import { t } from "../texts/texts";
import { formatDuration } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { numberColumn, userColumn } from "./columns";
import { Named } from "./named";

/** A report of activities is their beginning: the log has them all. */
export const MAX_ACTIVITIES = 200;

/** Each value leads to the activities of the report that have it, and the sentence to the activity itself. */
export function activityColumns(filter: Record<string, string>): readonly Column<Activity>[] {
  return [
    {
      name: "time",
      header: t("Time"),
      className: "w-48",
      cell: (activity) => <ClockTime activity={activity} dated />,
      sortBy: ({ occurred_at }) => Date.parse(occurred_at),
    },
    {
      ...userColumn<Activity>(({ user_id, tenant_id }) => ({
        ...filter,
        user_id: literally(user_id),
        ...(tenant_id && { tenant_id: literally(tenant_id) }),
      })),
      className: "w-44",
      sortBy: userName,
    },
    {
      name: "activity",
      header: t("Activity"),
      ascending: true,
      cell: (activity) => (
        <LogLink filter={filter} activity={activity.id}>
          <Named name={sentenceOf(activity)} sentence />
        </LogLink>
      ),
      sortBy: ({ action_type }) => action_type,
    },
    {
      name: "result",
      header: t("Result"),
      className: "w-28",
      cell: (activity) => <ResultBadge activity={activity} />,
      sortBy: ({ success }) => (success ? 0 : 1),
    },
    {
      name: "address",
      header: t("Address"),
      className: "hidden w-40 @4xl:table-cell",
      wideOnly: true,
      ascending: true,
      cell: ({ ip_address }) =>
        ip_address && (
          <LogLink filter={{ ...filter, ip: literally(ip_address) }} mono>
            <SenderText text={ip_address} />
          </LogLink>
        ),
      sortBy: ({ ip_address }) => ip_address,
    },
    {
      ...numberColumn<Activity>({
        name: "duration",
        header: t("Duration"),
        className: "hidden w-24 @5xl:table-cell",
        value: ({ duration_ms }) => duration_ms,
        text: formatDuration,
        tone: () => "text-muted",
      }),
      wideOnly: true,
    },
  ];
}
