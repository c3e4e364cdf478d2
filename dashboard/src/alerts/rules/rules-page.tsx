import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { returnTo, rowButton } from "../../activity/row-list";
import { SkeletonRows } from "../../activity/skeleton-rows";
import { useRowKeys } from "../../activity/use-row-keys";
import { ApiError } from "../../api/client";
import type { Session } from "../../api/types";
import { UnreadNotice } from "../../filters/unread-notice";
import { LiveBadge } from "../../live/live-badge";
import { RULES_PATH } from "../../paths";
import { Shell } from "../../shell/shell";
import { usePageTitle } from "../../shell/use-page-title";
import { ErrorBoundary } from "../../states/error-boundary";
import { ErrorState } from "../../states/error-state";
import Forbidden from "../../states/forbidden";
import { t } from "../../texts/texts";
import { Button } from "../../ui/button";
import { AlertParts, useRules } from "../alert-head";
import { arrivalsOf } from "../arrivals";
import { useAlertStream } from "../use-alert-stream";
import { RuleDrawer } from "./rule-drawer";
import { RuleList } from "./rule-list";
import { ruleParsers, useRuleView } from "./view";

const NO_RULES = [] as const;

/** What is looked for, and whether it is. */
export default function RulesPage({ session }: { session: Session }) {
  usePageTitle(t("Alert rules"));
  const { view, open, write, writeNew } = useRuleView();
  const rules = useRules();
  const status = useAlertStream();
  const queries = useQueryClient();
  const rows = rules.data?.data ?? NO_RULES;
  const canChange = session.role === "admin";
  /** Texts that were not saved, by the rule's id: closing the drawer must not lose them. */
  const drafts = useRef(new Map<string, string>());

  const newRule = useRef<HTMLButtonElement>(null);
  const [tried, setTried] = useState<string | null>(null);
  const isOpen = view.open !== null || view.mode === "new";
  const close = useCallback(() => {
    const row = view.open === null ? null : rowButton(view.open);
    open(null);
    returnTo(row);
  }, [open, view.open]);
  const moveTo = useCallback(
    (id: string) => {
      setTried(null);
      open(id, true);
    },
    [open],
  );
  const openRule = (id: string | null, isTried = false) => {
    setTried(isTried ? id : null);
    open(id);
    // A rule that was deleted has no row any more.
    if (id === null) returnTo(newRule.current);
  };
  useRowKeys({ rows, openId: view.open, onMove: moveTo, onClose: isOpen ? close : null });

  if (rules.error instanceof ApiError && rules.error.status === 403) return <Forbidden />;
  return (
    <>
      <Shell
        session={session}
        title={t("alert rules")}
        bar={
          <>
            <AlertParts current={RULES_PATH}>
              <span className="ml-auto" />
              {canChange && (
                <Button ref={newRule} onClick={writeNew}>
                  <Plus aria-hidden className="size-3.5" />
                  {t("New rule")}
                </Button>
              )}
            </AlertParts>
            <UnreadNotice parsers={ruleParsers} />
          </>
        }
        badge={<LiveBadge status={status} />}
        aside={isOpen ? "wide" : null}
        refreshing={rules.isFetching}
        onRefresh={arrivalsOf(queries).reload}
      >
        <ErrorBoundary what={t("The list")} drawn={rows}>
          <section aria-label={t("List of rules")} className="overflow-clip">
            {rules.data ? (
              <RuleList
                rules={rows}
                openId={view.open}
                canChange={canChange}
                onOpen={openRule}
                onTry={(id) => openRule(id, true)}
              />
            ) : rules.error ? (
              <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />
            ) : (
              <SkeletonRows count={8} what="rules" />
            )}
          </section>
        </ErrorBoundary>
      </Shell>
      {isOpen && (
        <ErrorBoundary what={t("The rule")} place="corner" drawn={`${view.open} ${view.mode}`}>
          <RuleDrawer
            id={view.open}
            isTried={view.open !== null && view.open === tried}
            isWriting={canChange && view.mode !== null}
            rules={rules}
            drafts={drafts.current}
            canChange={canChange}
            onMove={moveTo}
            onOpen={openRule}
            onWrite={write}
            onClose={close}
          />
        </ErrorBoundary>
      )}
    </>
  );
}
