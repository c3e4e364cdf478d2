import type { AlertRule } from "../../api/types";
import { ruleText } from "../../texts/rules";
import { rich, t } from "../../texts/texts";
import { SenderText } from "../../ui/sender-text";
import { Switch } from "../../ui/switch";
import { visibleText } from "../../ui/visible-text";
import type { useSwitchRule } from "./use-rule-changes";

interface RuleSwitchProps {
  rule: AlertRule;
  /** One switch at a time is changed where several share it. */
  change: ReturnType<typeof useSwitchRule>;
}

/** Switches a rule on and off. One that the server cannot read has to be edited first. */
export const RuleSwitch = ({ rule, change }: RuleSwitchProps) => (
  <Switch
    label={t("Look for: {title}", { title: visibleText(ruleText(rule.title)) })}
    on={rule.enabled}
    disabled={rule.faults.length > 0}
    onChange={(enabled) => {
      // A switch that is disabled meanwhile would lose the focus.
      if (!change.isPending) change.mutate({ rule, enabled });
    }}
  />
);

/** Why it was not switched. */
export function NotSwitched({ error, className }: { error: Error | null; className: string }) {
  if (!error) return null;
  return (
    <p role="alert" className={`bg-bad-soft text-xs text-bad ${className}`}>
      {rich("Not changed: {reason}", { reason: <SenderText text={error.message} lines /> })}
    </p>
  );
}
