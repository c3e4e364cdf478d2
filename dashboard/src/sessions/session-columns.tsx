import { Link } from "wouter";
import { shortDevice } from "../activity/device-text";
import { userName } from "../activity/user-name";
import { secondsOf } from "../alerts/times";
import type { LogSession } from "../api/types";
import { literally } from "../filters/terms";
import { personAddress, sessionAddress } from "../paths";
import { FailedLabel } from "../subjects/failed-label";
import { StepList } from "../subjects/step-list";
import type { Column } from "../table/columns";
import type { Fold } from "../table/query-table";
import { t } from "../texts/texts";
import { Moment } from "../times/moment";
import { formatDuration, formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";

const lengthOf = ({ first_at, last_at }: LogSession): number => secondsOf(last_at) - secondsOf(first_at);

/** Sessions have the order of the server, because only a part of them is loaded. */
export const sessionColumns = (): readonly Column<LogSession>[] => [
  { name: "who", header: t("Who"), cell: (session) => <Who session={session} /> },
  {
    name: "count",
    header: t("Activities"),
    className: "w-28",
    alignRight: true,
    cell: ({ count }) => <span className="tabular">{formatNumber(count)}</span>,
  },
  {
    name: "failed",
    header: t("Failed"),
    className: "w-32",
    alignRight: true,
    cell: ({ count, failed_count }) => <FailedLabel count={count} failed={failed_count} />,
  },
  {
    name: "length",
    header: t("Length"),
    className: "w-28",
    alignRight: true,
    cell: (session) => (
      <span title={t("From the first to the last activity")} className="tabular text-muted">
        {formatDuration(Math.round(lengthOf(session) * 1_000))}
      </span>
    ),
  },
  {
    name: "last",
    header: t("Last seen"),
    className: "w-32",
    alignRight: true,
    cell: ({ last_at }) => <Moment seconds={secondsOf(last_at)} className="text-muted" />,
  },
  {
    name: "device",
    header: t("Device"),
    className: "hidden w-40 @4xl:table-cell",
    wideOnly: true,
    cell: ({ device }) => (
      <span className="block truncate text-xs text-faint">
        {device && <SenderText text={shortDevice(device) ?? ""} />}
      </span>
    ),
  },
  {
    name: "address",
    header: t("Address"),
    className: "hidden w-40 @4xl:table-cell",
    wideOnly: true,
    cell: ({ ip_address }) => (
      <span className="block truncate font-mono text-xs text-faint">
        {ip_address && <SenderText text={ip_address} />}
      </span>
    ),
  },
];

/** The activities of a session are folded under its line. */
export const SESSION_FOLD: Fold<LogSession> = {
  label: ({ session_id }) => t("Activities of session {id}", { id: session_id }),
  content: ({ session_id }) => <StepList filter={{ session_id: literally(session_id) }} folded />,
};

function Who({ session }: { session: LogSession }) {
  const { session_id, user_id, tenant_id, is_admin } = session;
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <Link
        href={personAddress(user_id, tenant_id)}
        className="truncate rounded leading-6 font-medium hover:underline"
      >
        <SenderText text={userName(session)} />
      </Link>
      {is_admin && <span className="text-2xs font-medium text-accent">{t("admin")}</span>}
      <Link
        href={sessionAddress(session_id)}
        className="max-w-48 min-w-0 truncate rounded font-mono text-2xs leading-6 text-faint hover:underline"
      >
        <SenderText text={session_id} />
      </Link>
    </span>
  );
}
