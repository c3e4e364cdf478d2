import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { LastLabel, SeverityMark, StateBadge } from "../alerts/marks";
import { listAlerts } from "../api/calls";
import type { Alert } from "../api/types";
import { WHILE_AWAY } from "../api/while-away";
import { alertAddress } from "../paths";
import { ruleText } from "../texts/rules";
import { t } from "../texts/texts";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import type { Subject } from "./subject";

/** The API selects alerts by rule and state, not by what they are about. */
const LOOKED_AT = 100;
const SHOWN = 5;

/** The newest alerts about it. Without one, there is nothing to see. */
export function SubjectAlerts({ subject: { kind, name, isMeant } }: { subject: Subject }) {
  const isAbout = ({ group }: Alert) => Object.entries(group).some(([field, value]) => isMeant(field, value));
  const { data } = useQuery({
    queryKey: ["alerts-about", kind, name],
    queryFn: async ({ signal }) => {
      const { data, next_cursor } = await listAlerts(
        new URLSearchParams({ limit: String(LOOKED_AT) }),
        signal,
      );
      return { alerts: data.filter(isAbout), isAll: next_cursor === null };
    },
    ...WHILE_AWAY,
  });
  if (!data || data.alerts.length === 0) return null;
  const shown = data.alerts.slice(0, SHOWN);
  return (
    <section className="border-b border-line px-3 py-2">
      <h3 className="pb-1 text-2xs text-faint">
        {data.isAll ? t("Alerts") : t("Alerts among the newest {count}", { count: LOOKED_AT })}
        {data.alerts.length > SHOWN &&
          ` · ${t("{part} of {whole}", { part: SHOWN, whole: data.alerts.length })}`}
      </h3>
      <ul aria-label={t("Alerts")}>
        {shown.map((alert) => (
          <li key={alert.id} className="flex min-h-7 items-center gap-2 text-sm">
            <SeverityMark severity={alert.severity} />
            <Link
              href={alertAddress(alert.id)}
              className="min-w-0 truncate rounded leading-6 hover:underline"
            >
              <SenderText text={ruleText(alert.title)} />
            </Link>
            <span className="tabular shrink-0 text-xs text-faint">×{formatNumber(alert.count)}</span>
            <span className="ml-auto shrink-0 text-xs text-faint max-sm:hidden">
              <LastLabel alert={alert} />
            </span>
            <StateBadge alert={alert} />
          </li>
        ))}
      </ul>
    </section>
  );
}
