import { History } from "lucide-react";
import { Link } from "wouter";
import type { AlertRule } from "../../api/types";
import { alertsOfRule } from "../../paths";
import { ruleText } from "../../texts/rules";
import { plural, t } from "../../texts/texts";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { SenderText } from "../../ui/sender-text";
import { visibleText } from "../../ui/visible-text";
import { SeverityMark } from "../marks";
import { NotSwitched, RuleSwitch } from "./rule-switch";
import { useSwitchRule } from "./use-rule-changes";

interface RuleListProps {
  rules: readonly AlertRule[];
  openId: string | null;
  canChange: boolean;
  onOpen: (id: string) => void;
  /** Opens it, and starts its back-test. */
  onTry: (id: string) => void;
}

/**
 * The rules, a line each. They are not a `QueryTable`: a rule has no columns to compare, but a switch, its words and
 * what can be done with it. A row opens beside the list.
 */
export function RuleList({ rules, openId, canChange, onOpen, onTry }: RuleListProps) {
  const change = useSwitchRule();
  if (rules.length === 0) {
    return <p className="px-4 py-12 text-center text-sm text-muted">{t("There are no rules.")}</p>;
  }
  return (
    <>
      <NotSwitched error={change.error} className="border-b border-line px-4 py-2" />
      <ul aria-label={t("Rules")} className="divide-y divide-line">
        {rules.map((rule) => (
          <li
            key={rule.id}
            data-row={rule.id}
            className={`relative flex min-h-10 items-center gap-2.5 px-4 py-1 text-sm ${rule.id === openId ? "bg-accent-soft" : "hover:bg-hover focus-within:bg-hover"}`}
          >
            <span className="relative z-10 w-8 shrink-0">
              {canChange ? (
                <RuleSwitch rule={rule} change={change} />
              ) : (
                <span className="text-xs text-muted">{rule.enabled ? t("on") : t("off")}</span>
              )}
            </span>
            <SeverityMark severity={rule.severity} />
            <button
              type="button"
              data-opens
              aria-haspopup="dialog"
              title={visibleText(ruleText(rule.title))}
              onClick={() => onOpen(rule.id)}
              className={`min-w-0 text-left font-medium after:absolute after:inset-0 md:shrink-0 md:truncate ${rule.enabled ? "text-ink" : "text-muted"}`}
            >
              <SenderText text={ruleText(rule.title)} />
            </button>
            <span className="min-w-0 flex-1 truncate text-xs text-faint max-md:hidden">
              {rule.description && <SenderText text={ruleText(rule.description)} />}
            </span>
            {canChange && !rule.enabled && rule.faults.length === 0 && (
              <Button
                size="small"
                look="quiet"
                aria-label={t("Back-test: {title}", { title: visibleText(ruleText(rule.title)) })}
                onClick={() => onTry(rule.id)}
                className="relative z-10 max-md:hidden"
              >
                <History aria-hidden className="size-3.5" />
                {t("Back-test")}
              </Button>
            )}
            <RuleMarks rule={rule} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** What is special about a rule. */
export function RuleMarks({ rule }: { rule: AlertRule }) {
  return (
    <span className="ml-auto flex shrink-0 items-center gap-1.5">
      {rule.faults.length > 0 && <Badge tone="bad">{t("not readable")}</Badge>}
      {rule.saturated_since !== null && (
        <span title={t("It has more groups than it can remember: some activities are not judged.")}>
          <Badge tone="warn">{t("full")}</Badge>
        </span>
      )}
      {rule.changed && (
        <span title={t("Built in, and changed here.")}>
          <Badge>{t("changed")}</Badge>
        </span>
      )}
      {!rule.built_in && <Badge>{t("own")}</Badge>}
      {rule.tenant_id !== null && (
        <Badge>
          <span className="max-w-24 truncate">
            <SenderText text={rule.tenant_id} />
          </span>
        </Badge>
      )}
      {rule.open > 0 && (
        <Link
          href={alertsOfRule(rule.id)}
          className="tabular relative z-10 rounded px-1.5 py-1 text-xs font-medium text-accent hover:underline"
        >
          {plural(rule.open, "{count} open|one", "{count} open|many")}
        </Link>
      )}
    </span>
  );
}
