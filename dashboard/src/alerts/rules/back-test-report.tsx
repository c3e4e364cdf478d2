import type { BackTestAlert, BackTestGroup, BackTestResult } from "../../api/back-test-lines";
import { niceCeiling } from "../../timeline/arithmetic";
import { Moment } from "../../times/moment";
import { formatNumber } from "../../ui/format";
import { GroupWords, groupText } from "../group-words";
import { LateMark } from "../marks";
import { secondsOf } from "../times";

interface BackTestReportProps {
  result: BackTestResult;
  /** How many days were looked at, until when. */
  days: number;
  until: number;
}

/** What a rule would have raised: how many a day, about whom, and the first of them. */
export function BackTestReport({ result, days, until }: BackTestReportProps) {
  const { alerts, activities, per_day, groups, first } = result;
  return (
    <div className="flex flex-col gap-4">
      <p role="status" className="text-sm text-ink">
        <strong className="font-semibold">{alertsText(alerts)}</strong>
        {alerts > 0 && result.stopped_at === null && `, ${perDayText(alerts / days)} a day,`} from{" "}
        {formatNumber(activities)} {activities === 1 ? "activity" : "activities"}.
      </p>
      <Incomplete result={result} />
      {alerts > 0 && days > 1 && <Days perDay={everyDay(per_day, days, until)} />}
      {groups.length > 0 && <Groups groups={groups} />}
      {first.length > 0 && <First alerts={first} total={alerts} />}
    </div>
  );
}

const alertsText = (count: number): string =>
  count === 0 ? "No alert" : `${formatNumber(count)} ${count === 1 ? "alert" : "alerts"}`;

const perDayText = (count: number): string =>
  count >= 10 ? formatNumber(Math.round(count)) : count < 0.1 ? "fewer than 0.1" : count.toFixed(1);

const DAY_MS = 86_400_000;
const dayName = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const nameOf = (day: string): string => dayName.format(Date.parse(day));

/** Why the result tells less than the rule would have raised. */
function Incomplete({ result: { stopped_at, saturated_since } }: { result: BackTestResult }) {
  if (stopped_at === null && saturated_since === null) return null;
  return (
    <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-xs text-warn">
      {stopped_at !== null && (
        <>
          The rule raises too many alerts. The back-test ended at{" "}
          <Moment seconds={secondsOf(stopped_at)} full />.{" "}
        </>
      )}
      {saturated_since !== null &&
        `The rule has too many groups. Those that began after position ${formatNumber(saturated_since)} were not judged.`}
    </p>
  );
}

/** Every day that was looked at. The server leaves out those without an alert. */
export function everyDay(
  perDay: BackTestResult["per_day"],
  days: number,
  until: number,
): BackTestResult["per_day"] {
  const counts = new Map(perDay.map(({ day, alerts }) => [day, alerts]));
  const first = Math.floor(until / DAY_MS) - days;
  // The server's clock may be ahead of the browser's.
  const last = Math.max(first + days, Date.parse(perDay.at(-1)?.day ?? "") / DAY_MS || 0);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const day = new Date((first + index) * DAY_MS).toISOString().slice(0, 10);
    return { day, alerts: counts.get(day) ?? 0 };
  });
}

function Days({ perDay: days }: { perDay: BackTestResult["per_day"] }) {
  const top = days.reduce((most, day) => (day.alerts > most.alerts ? day : most));
  const most = niceCeiling(top.alerts);
  return (
    <figure className="flex flex-col gap-1">
      <div
        role="img"
        aria-label={`Alerts a day, from ${nameOf(days[0]?.day ?? "")} to ${nameOf(days.at(-1)?.day ?? "")}. The most, ${formatNumber(top.alerts)}, on ${nameOf(top.day)}.`}
        className="flex h-16 items-end border-b border-line-strong"
      >
        {days.map(({ day, alerts }) => (
          <span
            key={day}
            title={`${nameOf(day)}: ${alertsText(alerts)}`}
            className="flex h-full min-w-0 flex-1 items-end justify-center hover:bg-hover"
          >
            {alerts > 0 && (
              <span
                className="min-h-[3px] w-[calc(100%-2px)] max-w-8 rounded-t-[2px] bg-accent/65"
                style={{ height: `${(alerts / most) * 100}%` }}
              />
            )}
          </span>
        ))}
      </div>
      <figcaption className="tabular flex justify-between text-2xs text-faint">
        <span>{nameOf(days[0]?.day ?? "")}</span>
        <span>at most {formatNumber(top.alerts)} a day (UTC)</span>
        <span>{nameOf(days.at(-1)?.day ?? "")}</span>
      </figcaption>
    </figure>
  );
}

function Groups({ groups }: { groups: readonly BackTestGroup[] }) {
  return (
    <table className="w-full table-fixed overflow-hidden rounded-lg border border-line text-xs">
      <caption className="pb-1.5 text-left text-xs font-medium text-faint">The loudest</caption>
      <thead className="text-left text-faint">
        <tr className="bg-canvas">
          <th scope="col" className="px-3 py-1.5 font-medium">
            About
          </th>
          <th scope="col" className="w-20 px-3 py-1.5 text-right font-medium">
            Alerts
          </th>
          <th scope="col" className="w-24 px-3 py-1.5 text-right font-medium">
            Activities
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ group, tenant_id, alerts, activities }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <tr key={index} className="border-t border-line">
            <td className="truncate px-3 py-1.5" title={groupText(group, tenant_id)}>
              <GroupWords group={group} tenant={tenant_id} />
            </td>
            <td className="tabular px-3 py-1.5 text-right">{formatNumber(alerts)}</td>
            <td className="tabular px-3 py-1.5 text-right text-muted">{formatNumber(activities)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function First({ alerts, total }: { alerts: readonly BackTestAlert[]; total: number }) {
  return (
    <div className="flex flex-col gap-1.5">
      <h4 className="text-xs font-medium text-faint">
        {total > alerts.length ? `The first ${formatNumber(alerts.length)}` : "All of them"}
      </h4>
      <ol className="divide-y divide-line overflow-hidden rounded-lg border border-line text-xs">
        {alerts.map((alert) => (
          <li key={alert.id} className="flex min-h-8 items-center gap-3 px-3 py-1">
            <Moment seconds={secondsOf(alert.first_at)} className="shrink-0 text-faint" />
            <span className="min-w-0 flex-1 truncate" title={groupText(alert.group, alert.tenant_id)}>
              <GroupWords group={alert.group} tenant={alert.tenant_id} />
            </span>
            <LateMark alert={alert} />
            <span className="tabular shrink-0 text-muted">×{formatNumber(alert.count)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
