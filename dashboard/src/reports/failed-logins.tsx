import { userName, userSubtitle } from "../activity/user-name";
import type { FailedLogin } from "../api/types";
import { literally } from "../filters/terms";
import type { Filter } from "../filters/view";
import { Moment } from "../times/moment";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import type { ReportKind } from "./kinds";
import { Named } from "./named";

const seconds = (time: string) => Date.parse(time) / 1_000;
/** What the report counts as a login. */
const LOGINS: Partial<Filter> = { action_filter: ["user_login", "login"], success_filter: "failure" };

export const failedLogins: ReportKind<FailedLogin> = {
  title: "Failed logins",
  hint: "Who failed to sign in three times or more from one address.",
  nothing: "Nobody failed to sign in three times or more.",
  window: "24h",
  columns: [
    {
      header: "User",
      className: "",
      cell: (row) => <Named name={userName(row)} subtitle={userSubtitle(row)} />,
    },
    {
      header: "Address",
      className: "w-32 md:w-40",
      cell: ({ ip_address }) => (
        <span
          className="block truncate font-mono text-xs"
          title={ip_address === null ? undefined : visibleText(ip_address)}
        >
          <SenderText text={ip_address ?? "–"} />
        </span>
      ),
    },
    {
      header: "Attempts",
      alignRight: true,
      className: "w-20",
      cell: ({ attempts }) => <span className="tabular font-medium text-bad">{formatNumber(attempts)}</span>,
    },
    {
      header: "First",
      alignRight: true,
      className: "w-26 max-md:hidden",
      cell: ({ first_at }) => <Moment seconds={seconds(first_at)} className="whitespace-nowrap text-muted" />,
    },
    {
      header: "Last",
      alignRight: true,
      className: "w-26 max-md:hidden",
      cell: ({ last_at }) => <Moment seconds={seconds(last_at)} className="whitespace-nowrap text-muted" />,
    },
  ],
  keyOf: ({ user_id, ip_address }) => `${user_id} ${ip_address}`,
  targetOf: ({ user_id, ip_address: ip }, since) => ({
    filter: { ...LOGINS, user_id: literally(user_id), ...(ip && { ip: literally(ip) }), date_from: since },
  }),
  all: (since) => ({ ...LOGINS, date_from: since }),
};
