import { Pencil } from "lucide-react";
import { Link } from "wouter";
import type { AlertRule } from "../../api/types";
import { ALERTS_PATH, alertsOfRule } from "../../paths";
import { ruleText } from "../../texts/rules";
import { plural, t } from "../../texts/texts";
import { Moment } from "../../times/moment";
import { Badge } from "../../ui/badge";
import { Block } from "../../ui/block";
import { Button } from "../../ui/button";
import { CodeBlock } from "../../ui/code-block";
import { type Fact, Facts } from "../../ui/facts";
import { SenderText } from "../../ui/sender-text";
import { SeverityMark, severityText } from "../marks";
import { secondsOf } from "../times";
import { BackTestPanel } from "./back-test-panel";
import { RemoveRule } from "./remove-rule";
import { NotSwitched, RuleSwitch } from "./rule-switch";
import { RuleWords } from "./rule-words-view";
import { useSwitchRule } from "./use-rule-changes";

interface RuleDetailProps {
  rule: AlertRule;
  titleId: string;
  canChange: boolean;
  /** The back-test begins by itself. */
  isTried: boolean;
  onWrite: () => void;
  onRemoved: () => void;
}

export function RuleDetail(props: RuleDetailProps) {
  const { rule, titleId, canChange, isTried, onWrite, onRemoved } = props;
  const change = useSwitchRule();
  return (
    <div className="flex flex-col gap-6 px-5 py-5">
      <div className="flex flex-col gap-3">
        <div className="flex items-start gap-2.5">
          <span className="pt-1">
            <SeverityMark severity={rule.severity} />
          </span>
          <div className="flex min-w-0 flex-col gap-1.5">
            <h2 id={titleId} className="text-base/6 font-semibold wrap-anywhere text-ink">
              <SenderText text={ruleText(rule.title)} />
            </h2>
            {rule.description && (
              <p className="text-sm wrap-anywhere text-muted">
                <SenderText text={ruleText(rule.description)} lines />
              </p>
            )}
            <p className="flex flex-wrap items-center gap-1.5 text-xs">
              {canChange && <RuleSwitch rule={rule} change={change} />}
              <Badge tone={rule.enabled ? "accent" : "neutral"}>{rule.enabled ? t("On") : t("Off")}</Badge>
              <Badge>
                {rule.built_in ? (rule.changed ? t("built in, changed") : t("built in")) : t("own")}
              </Badge>
              <AlertLinks rule={rule} />
            </p>
          </div>
        </div>
        <NotSwitched error={change.error} className="rounded-md px-3 py-2" />
        <Trouble rule={rule} />
      </div>
      <Block title={t("What it looks for")}>
        <RuleWords definition={rule.definition} />
      </Block>
      {canChange && (
        <Block title={t("On the past")}>
          <BackTestPanel definition={rule.definition} startsAtOnce={isTried} />
        </Block>
      )}
      <Block
        title={t("Definition")}
        tools={
          canChange && (
            <Button size="small" onClick={onWrite}>
              <Pencil aria-hidden className="size-3" />
              {t("Edit")}
            </Button>
          )
        }
      >
        <CodeBlock label={t("Definition")} code={rule.definition.trimEnd()} />
      </Block>
      <Block title={t("Record")}>
        <Facts facts={factsOf(rule)} />
      </Block>
      {canChange && (rule.changed || !rule.built_in) && <RemoveRule rule={rule} onRemoved={onRemoved} />}
    </div>
  );
}

function AlertLinks({ rule }: { rule: AlertRule }) {
  const look = "tabular rounded px-1 font-medium text-accent hover:underline";
  return (
    <>
      {rule.open > 0 && (
        <Link href={alertsOfRule(rule.id)} className={look}>
          {plural(rule.open, "{count} open|one", "{count} open|many")}
        </Link>
      )}
      <Link href={`${ALERTS_PATH}?${new URLSearchParams({ rule: rule.id })}`} className={look}>
        {t("All its alerts")}
      </Link>
    </>
  );
}

/** Why the rule does less than it says. */
function Trouble({ rule }: { rule: AlertRule }) {
  const { faults } = rule;
  if (faults.length === 0 && rule.saturated_since === null) return null;
  return (
    <div role="alert" className="flex flex-col gap-1 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">
      {faults.length > 0 && <p>{t("The server cannot read this rule, so it is not evaluated. Edit it.")}</p>}
      {faults.map((fault) => (
        <p key={fault}>
          <SenderText text={fault} lines />
        </p>
      ))}
      {rule.saturated_since !== null && (
        <p>
          {t(
            "Since position {position} it has more groups than it can remember. Activities of further groups are not judged. A narrower filter, a shorter timespan or fewer fields in group_by help.",
            { position: rule.saturated_since },
          )}
        </p>
      )}
    </div>
  );
}

function factsOf(rule: AlertRule): Fact[] {
  const mono = (text: string) => (
    <span className="font-mono break-all">
      <SenderText text={text} />
    </span>
  );
  return [
    { label: t("Id"), value: mono(rule.id) },
    { label: t("Severity"), value: severityText(rule.severity) },
    ...(rule.tenant_id === null ? [] : [{ label: t("Tenant"), value: mono(rule.tenant_id) }]),
    ...(rule.changed_by === null
      ? []
      : [{ label: t("Changed by"), value: <SenderText text={rule.changed_by} /> }]),
    ...(rule.changed_at === null
      ? []
      : [{ label: t("Changed"), value: <Moment seconds={secondsOf(rule.changed_at)} full /> }]),
    { label: t("Version"), value: mono(rule.version || "–") },
  ];
}
