import { Link } from "wouter";
import { userName } from "../activity/user-name";
import type { Activity, Alert, AlertRule } from "../api/types";
import { ruleAddress } from "../paths";
import { ruleText } from "../texts/rules";
import { plural, rich, t } from "../texts/texts";
import { Moment } from "../times/moment";
import { Badge } from "../ui/badge";
import { Block } from "../ui/block";
import { type Fact, Facts } from "../ui/facts";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { useRules } from "./alert-head";
import { AlertTimeline } from "./alert-timeline";
import { Decide } from "./decide";
import { Evidence } from "./evidence";
import { fieldLabel, GroupWords, groupText } from "./group-words";
import { LastLabel, LateMark, SeverityMark, StateBadge, severityText, useMuted } from "./marks";
import { RuleWords } from "./rules/rule-words-view";
import { secondsOf } from "./times";
import { useEvidence } from "./use-evidence";

interface AlertDetailProps {
  alert: Alert;
  titleId: string;
  canDecide: boolean;
}

export function AlertDetail({ alert, titleId, canDecide }: AlertDetailProps) {
  const evidence = useEvidence(alert);
  const rule = useRules().data?.data.find(({ id }) => id === alert.rule);
  return (
    <div className="flex flex-col gap-6 px-5 py-5">
      <div className="flex flex-col gap-4">
        <Head alert={alert} titleId={titleId} names={namesIn(alert, evidence.data?.rows)} />
        <Decided alert={alert} />
        {canDecide && <Decide alert={alert} />}
      </div>
      <Block title={t("What the rule looks for")}>
        <AboutRule alert={alert} rule={rule} />
      </Block>
      <AlertTimeline alert={alert} />
      <Evidence alert={alert} evidence={evidence} />
      <Block title={t("Record")}>
        <Facts facts={factsOf(alert)} />
      </Block>
    </div>
  );
}

interface HeadProps {
  alert: Alert;
  titleId: string;
  names: ReadonlyMap<string, string>;
}

function Head({ alert, titleId, names }: HeadProps) {
  return (
    <div className="flex items-start gap-2.5">
      <span className="pt-1">
        <SeverityMark severity={alert.severity} />
      </span>
      <div className="flex min-w-0 flex-col gap-1.5">
        <h2 id={titleId} className="text-base/6 font-semibold wrap-anywhere text-ink">
          <SenderText text={ruleText(alert.title)} />
        </h2>
        <p
          className="line-clamp-4 text-sm wrap-anywhere text-ink"
          title={groupText(alert.group, alert.tenant_id)}
        >
          <GroupWords group={alert.group} tenant={alert.tenant_id} names={names} />
        </p>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-muted">
          <StateBadge alert={alert} />
          <LateMark alert={alert} />
          <span className="tabular">{plural(alert.count, "{count} activity", "{count} activities")}</span>
          <LastLabel alert={alert} />
        </p>
      </div>
    </div>
  );
}

/** Users of the group by their names, as far as the activities tell them. */
function namesIn({ group }: Alert, rows: readonly Activity[] = []): ReadonlyMap<string, string> {
  const user = rows.find(({ user_id }) => user_id === group.user_id);
  const name = user && userName(user);
  return new Map(name && name !== group.user_id ? [["user_id", name]] : []);
}

const DECISIONS = {
  open: "{name} changed it {time}",
  acknowledged: "{name} acknowledged it {time}",
  resolved: "{name} resolved it {time}",
} as const;

/** Who has decided what, and why. */
function Decided({ alert }: { alert: Alert }) {
  const muted = useMuted(alert);
  if (alert.decided_by === null && !muted) return null;
  return (
    <div className="flex flex-col gap-1 rounded-lg bg-hover px-3 py-2 text-xs text-muted">
      {alert.decided_by !== null && (
        <p>
          {rich(DECISIONS[alert.state] ?? DECISIONS.open, {
            name: (
              <span className="font-medium text-ink">
                <SenderText text={alert.decided_by} />
              </span>
            ),
            time: alert.decided_at !== null && <Moment seconds={secondsOf(alert.decided_at)} />,
          })}
        </p>
      )}
      {alert.reason && (
        <p className="whitespace-pre-wrap wrap-anywhere text-ink">
          <SenderText text={alert.reason} lines />
        </p>
      )}
      {muted && alert.muted_until !== null && (
        <p>
          {rich("Muted until {time}. It stays in the list.", {
            time: <Moment seconds={secondsOf(alert.muted_until)} full />,
          })}
        </p>
      )}
    </div>
  );
}

function AboutRule({ alert, rule }: { alert: Alert; rule: AlertRule | undefined }) {
  const text = rule?.description ? ruleText(rule.description) : null;
  const isOlder = rule !== undefined && rule.version !== alert.rule_version;
  return (
    <div className="flex flex-col gap-2 text-sm text-muted">
      {text && (
        <p className="wrap-anywhere">
          <SenderText text={text} lines />
        </p>
      )}
      {rule && <RuleWords definition={rule.definition} />}
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
        <Link href={ruleAddress(alert.rule)} className="text-accent underline underline-offset-2">
          {rich("Rule {id}", { id: <SenderText text={alert.rule} /> })}
        </Link>
        {isOlder && (
          <span title={t("The rule was changed since this alert was raised.")}>
            <Badge>{t("changed since")}</Badge>
          </span>
        )}
      </p>
    </div>
  );
}

function factsOf(alert: Alert): Fact[] {
  const time = (text: string) => <Moment seconds={secondsOf(text)} full />;
  const mono = (text: string) => (
    <span className="font-mono break-all">
      <SenderText text={text} />
    </span>
  );
  return [
    { label: t("Raised"), value: time(alert.raised_at) },
    { label: t("First activity"), value: time(alert.first_at) },
    { label: t("Last activity"), value: time(alert.last_at) },
    { label: t("Severity"), value: severityText(alert.severity) },
    ...Object.entries(alert.group).map(([field, value]) => ({
      label: visibleText(fieldLabel(field)),
      value: mono(value),
    })),
    { label: t("Raised by"), value: t("the activity at position {position}", { position: alert.position }) },
    ...(alert.tenant_id === null ? [] : [{ label: t("Tenant"), value: mono(alert.tenant_id) }]),
    { label: t("Id"), value: mono(alert.id) },
  ];
}
