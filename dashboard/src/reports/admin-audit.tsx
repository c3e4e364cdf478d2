import { ResultBadge } from "../activity/cells";
import { userName } from "../activity/user-name";
import type { Activity } from "../api/types";
import { Moment } from "../times/moment";
import { SenderText } from "../ui/sender-text";
import type { ReportKind } from "./kinds";
import { Named } from "./named";

export const adminAudit: ReportKind<Activity> = {
  title: "Admin audit",
  hint: "What admins did, the newest first.",
  nothing: "No admin did anything.",
  window: "7d",
  columns: [
    {
      header: "Activity",
      className: "",
      cell: (activity) => <Named name={activity.description} sentence subtitle={userName(activity)} />,
    },
    {
      header: "Status",
      className: "w-24",
      cell: (activity) => <ResultBadge activity={activity} />,
    },
    {
      header: "Address",
      className: "w-36 max-md:hidden",
      cell: ({ ip_address }) => (
        <span className="block truncate font-mono text-xs text-muted">
          <SenderText text={ip_address ?? "–"} />
        </span>
      ),
    },
    {
      header: "Time",
      alignRight: true,
      className: "w-24",
      cell: ({ timestamp }) => <Moment seconds={timestamp} className="whitespace-nowrap text-muted" />,
    },
  ],
  keyOf: ({ id }) => id,
  targetOf: ({ id }) => ({ activity: id }),
  all: (since) => ({ is_admin: true, date_from: since }),
};
