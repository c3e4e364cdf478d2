import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { listRules } from "../api/alert-calls";
import { ALERTS_PATH, RULES_PATH } from "../paths";
import { ruleText } from "../texts/rules";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { Segments } from "../ui/segments";
import { Select } from "../ui/select";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { severityText, stateText } from "./marks";
import { RULES_KEY } from "./query-keys";
import {
  ALERT_STATES,
  type AlertFilter,
  type AlertViewActions,
  isAlertFiltered,
  NO_ALERT_FILTER,
  SEVERITIES,
} from "./view";

const PARTS = [
  { href: ALERTS_PATH, text: "Alerts" },
  { href: RULES_PATH, text: "Rules" },
] as const;

/** Leads from the alerts to the rules and back; `children` is what else stands in this line. */
export function AlertParts({ current, children }: { current: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <nav aria-label={t("Alerts and rules")} className="mr-2 flex items-center gap-4">
        {PARTS.map(({ href, text }) => (
          <Link
            key={href}
            href={href}
            aria-current={href === current ? "page" : undefined}
            className="flex h-8 items-center border-b-2 border-transparent text-sm font-medium text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
          >
            {t(text)}
          </Link>
        ))}
      </nav>
      {children}
    </div>
  );
}

const ANY = "";

export const useRules = () =>
  useQuery({ queryKey: RULES_KEY, queryFn: ({ signal }) => listRules(signal), staleTime: 60_000 });

/** Which alerts are listed. */
export function AlertFilters({ view, filterBy }: AlertViewActions) {
  const states = [
    { value: null, label: t("All") },
    ...ALERT_STATES.map((state) => ({ value: state, label: stateText(state) })),
  ];
  return (
    <search className="contents">
      <Segments
        label={t("State")}
        choices={states}
        value={view.state}
        onChange={(state) => filterBy({ state })}
        className="max-md:w-full"
      />
      <Select
        label={t("Severity")}
        value={view.severity ?? ANY}
        choices={[
          { value: ANY, text: t("Any severity") },
          ...SEVERITIES.map((severity) => ({ value: severity, text: severityText(severity) })),
        ]}
        onChange={(severity) => filterBy({ severity: severity === ANY ? null : severity })}
        className="max-md:flex-1"
      />
      <RuleFilter rule={view.rule} onChange={filterBy} />
      {view.tenant_id !== null && (
        <Button onClick={() => filterBy({ tenant_id: null })} title={t("Show the alerts of every tenant")}>
          {rich("Tenant {id}", { id: <SenderText text={view.tenant_id} /> })}
          <X aria-hidden className="size-3" />
        </Button>
      )}
      {isAlertFiltered(view) && (
        <Button look="quiet" onClick={() => filterBy(NO_ALERT_FILTER)}>
          {t("Clear all")}
        </Button>
      )}
    </search>
  );
}

interface RuleFilterProps {
  rule: string | null;
  onChange: (change: Partial<AlertFilter>) => void;
}

/** A rule that was chosen by a link may be gone: it can be taken back all the same. */
function RuleFilter({ rule, onChange }: RuleFilterProps) {
  const rules = useRules().data?.data ?? [];
  const known = rules.map(({ id, title }) => ({ value: id, text: visibleText(ruleText(title)) }));
  const chosen =
    rule !== null && !rules.some(({ id }) => id === rule) ? [{ value: rule, text: visibleText(rule) }] : [];
  return (
    <Select
      label={t("Rule")}
      value={rule ?? ANY}
      choices={[{ value: ANY, text: t("Any rule") }, ...chosen, ...known]}
      onChange={(id) => onChange({ rule: id === ANY ? null : id })}
      className="max-w-64 max-md:max-w-none max-md:flex-1"
    />
  );
}
