import type { BackTestAlert, BackTestGroup, BackTestResult } from "../../api/back-test-lines";
import { LOCALE } from "../../texts/language";
import { plural, rich, t } from "../../texts/texts";
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
  const found = {
    alerts: <strong className="font-semibold">{alertsText(alerts)}</strong>,
    activities: plural(activities, "{count} activity", "{count} activities"),
  };
  return (
    <div className="flex flex-col gap-4">
      <p role="status" className="text-sm text-ink">
        {alerts > 0 && result.stopped_at === null
          ? rich("{alerts}, {rate} a day, from {activities}.", {
              ...found,
              rate: perDayText(alerts / days),
            })
          : rich("{alerts} from {activities}.", found)}
      </p>
      <Incomplete result={result} />
      {alerts > 0 && days > 1 && <Days perDay={everyDay(per_day, days, until)} />}
      {groups.length > 0 && <Groups groups={groups} />}
      {first.length > 0 && <First alerts={first} total={alerts} />}
    </div>
  );
}

const alertsText = (count: number): string =>
  count === 0 ? t("No alert") : plural(count, "{count} alert", "{count} alerts");

const oneDigit = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const perDayText = (count: number): string =>
  count >= 10
    ? formatNumber(Math.round(count))
    : count < 0.1
      ? t("fewer than {count}", { count: oneDigit.format(0.1) })
      : oneDigit.format(count);

const DAY_MS = 86_400_000;
const dayName = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", timeZone: "UTC" });
const nameOf = (day: string): string => dayName.format(Date.parse(day));

/** Why the result tells less than the rule would have raised. */
function Incomplete({ result: { stopped_at, saturated_since } }: { result: BackTestResult }) {
  if (stopped_at === null && saturated_since === null) return null;
  return (
    <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-xs text-warn">
      {stopped_at !== null && (
        <>
          {rich("The rule raises too many alerts. The back-test ended at {time}.", {
            time: <Moment seconds={secondsOf(stopped_at)} full />,
          })}{" "}
        </>
      )}
      {saturated_since !== null &&
        t("The rule has too many groups. Those that began after position {position} were not judged.", {
          position: saturated_since,
        })}
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
        aria-label={t("Alerts a day, from {first} to {last}. The most, {count}, on {day}.", {
          first: nameOf(days[0]?.day ?? ""),
          last: nameOf(days.at(-1)?.day ?? ""),
          count: top.alerts,
          day: nameOf(top.day),
        })}
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
        <span>{t("at most {count} a day (UTC)", { count: top.alerts })}</span>
        <span>{nameOf(days.at(-1)?.day ?? "")}</span>
      </figcaption>
    </figure>
  );
}

function Groups({ groups }: { groups: readonly BackTestGroup[] }) {
  return (
    <table className="w-full table-fixed overflow-hidden rounded-lg border border-line text-xs">
      <caption className="pb-1.5 text-left text-xs font-medium text-faint">{t("The loudest")}</caption>
      <thead className="text-left text-faint">
        <tr className="bg-canvas">
          <th scope="col" className="px-3 py-1.5 font-medium">
            {t("About")}
          </th>
          <th scope="col" className="w-20 px-3 py-1.5 text-right font-medium">
            {t("Alerts")}
          </th>
          <th scope="col" className="w-24 px-3 py-1.5 text-right font-medium">
            {t("Activities")}
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
        {total > alerts.length ? t("The first {count}", { count: alerts.length }) : t("All of them")}
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
