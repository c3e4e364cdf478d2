/** The columns of the list of alerts; the phone's cards are put together from the same parts. */

import type { ReactNode } from "react";
import type { Alert } from "../api/types";
import { ruleText } from "../texts/rules";
import type { Text } from "../texts/texts";
import { Moment } from "../times/moment";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { GroupWords, groupText } from "./group-words";
import { LastLabel, LateMark, SeverityMark, StateBadge } from "./marks";
import { secondsOf } from "./times";

export interface AlertColumn {
  header: Text;
  alignRight?: boolean;
  /** Its width, and from which width of the page on it is shown. */
  className: string;
  cell: (alert: Alert) => ReactNode;
}

/** It may take two lines: titles in other languages than English are long. `lines`: its icon stands at the first. */
export function AlertTitle({ alert, lines = false }: { alert: Alert; lines?: boolean }) {
  return (
    <span
      className={`flex min-w-0 gap-2 ${lines ? "items-start" : "items-center"}`}
      title={visibleText(ruleText(alert.title))}
    >
      <SeverityMark severity={alert.severity} />
      <span
        className={`line-clamp-2 wrap-anywhere ${alert.state === "open" ? "font-medium text-ink" : "text-muted"}`}
      >
        <SenderText text={ruleText(alert.title)} />
      </span>
      <LateMark alert={alert} className="max-md:hidden @max-5xl:hidden" />
    </span>
  );
}

export const RaisedLabel = ({ alert }: { alert: Alert }) => (
  <Moment seconds={secondsOf(alert.raised_at)} className="whitespace-nowrap text-muted" />
);

/** The first column is the one that opens the alert. */
export const ALERT_COLUMNS: readonly AlertColumn[] = [
  { header: "Alert", className: "", cell: (alert) => <AlertTitle alert={alert} /> },
  {
    header: "About",
    className: "w-[24%]",
    cell: (alert) => (
      <span className="line-clamp-2 wrap-anywhere text-ink" title={groupText(alert.group, alert.tenant_id)}>
        <GroupWords group={alert.group} tenant={alert.tenant_id} />
      </span>
    ),
  },
  {
    header: "Count",
    alignRight: true,
    className: "w-20",
    cell: ({ count }) => <span className="tabular font-medium">{formatNumber(count)}</span>,
  },
  { header: "Last", className: "w-56 hidden @4xl:table-cell", cell: (alert) => <LastLabel alert={alert} /> },
  {
    header: "Raised",
    className: "w-32 hidden @5xl:table-cell",
    cell: (alert) => <RaisedLabel alert={alert} />,
  },
  { header: "State", className: "w-32", cell: (alert) => <StateBadge alert={alert} /> },
];
