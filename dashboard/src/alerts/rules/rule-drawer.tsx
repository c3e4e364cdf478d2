import type { UseQueryResult } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useId } from "react";
import type { AlertRuleList } from "../../api/types";
import { DrawerHead } from "../../detail/drawer-head";
import { ruleText } from "../../texts/rules";
import { t } from "../../texts/texts";
import { IconButton } from "../../ui/button";
import { Drawer } from "../../ui/drawer";
import { SenderText } from "../../ui/sender-text";
import { RuleDetail } from "./rule-detail";
import { RuleEditor } from "./rule-editor";

interface RuleDrawerProps {
  /** Null: a new rule. */
  id: string | null;
  isWriting: boolean;
  /** Its back-test begins by itself. */
  isTried: boolean;
  rules: UseQueryResult<AlertRuleList>;
  drafts: Map<string, string>;
  canChange: boolean;
  onMove: (id: string) => void;
  onOpen: (id: string | null) => void;
  onWrite: (id: string) => void;
  onClose: () => void;
}

/** One rule, or the text of one that is being written. */
export function RuleDrawer(props: RuleDrawerProps) {
  const { id, isWriting, isTried, rules, drafts, canChange, onMove, onOpen, onWrite, onClose } = props;
  const title = useId();
  const rows = rules.data?.data ?? [];
  const rule = rows.find((each) => each.id === id);
  const editor = isWriting && (rule !== undefined || id === null);
  // What had the focus is gone when a rule has been saved or is to be edited.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these decide what the drawer has in it
  useEffect(() => {
    if (document.activeElement === document.body) document.getElementById(title)?.closest("dialog")?.focus();
  }, [id, editor, title]);
  return (
    <Drawer
      titleId={title}
      size="wide"
      onClose={onClose}
      head={
        id !== null && !editor ? (
          <DrawerHead what="rule" id={id} rows={rows} onMove={onMove} onClose={onClose} />
        ) : (
          <>
            <h2 id={title} className="min-w-0 truncate px-1 text-sm font-semibold">
              {rule ? <SenderText text={ruleText(rule.title)} /> : t("New rule")}
            </h2>
            <span className="ml-auto" />
            <IconButton label={t("Close (Esc)")} onClick={onClose}>
              <X aria-hidden className="size-4.5" />
            </IconButton>
          </>
        )
      }
    >
      {editor ? (
        <RuleEditor
          key={id ?? ""}
          rule={rule ?? null}
          drafts={drafts}
          onSaved={(saved) => onOpen(saved.id)}
          onCancel={() => onOpen(id)}
        />
      ) : rule ? (
        <RuleDetail
          key={rule.id}
          rule={rule}
          titleId={title}
          canChange={canChange}
          isTried={isTried}
          onWrite={() => onWrite(rule.id)}
          onRemoved={() => onOpen(rule.built_in ? rule.id : null)}
        />
      ) : (
        <p role="status" id={title} className="p-6 text-sm text-muted">
          {rules.data ? t("There is no such rule. It may have been deleted.") : t("Loading the rule…")}
        </p>
      )}
    </Drawer>
  );
}
