import { RotateCcw, Trash2 } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import type { AlertRule } from "../../api/types";
import { rich, t } from "../../texts/texts";
import { Button } from "../../ui/button";
import { SenderText } from "../../ui/sender-text";
import { useRemoveRule } from "./use-rule-changes";

/** Deletes a rule of one's own, or gives a built-in one its first form back; asks once more before. */
export function RemoveRule({ rule, onRemoved }: { rule: AlertRule; onRemoved: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const remove = useRemoveRule(rule.id);
  const wasUsed = useRef(false);
  /** The button that was pressed is gone: the one in its place takes the focus. */
  const takeFocus = useCallback((button: HTMLButtonElement | null) => {
    if (wasUsed.current) button?.focus();
  }, []);
  const ask = (next: boolean) => {
    wasUsed.current = true;
    setAsking(next);
  };
  const Icon = rule.built_in ? RotateCcw : Trash2;
  const what = rule.built_in ? t("Back to the built-in form") : t("Delete the rule");
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line pt-4 text-xs text-muted">
      {isAsking ? (
        <>
          <span className="flex-1">
            {rule.built_in
              ? t("What was changed here is lost.")
              : t("The rule is lost. The alerts that it has raised stay.")}
          </span>
          <Button key="keep" ref={takeFocus} onClick={() => ask(false)}>
            {t("Keep it")}
          </Button>
          <Button
            look="primary"
            disabled={remove.isPending}
            onClick={() => remove.mutate(undefined, { onSuccess: onRemoved })}
          >
            {what}
          </Button>
        </>
      ) : (
        <Button key="ask" ref={takeFocus} look="quiet" onClick={() => ask(true)}>
          <Icon aria-hidden className="size-3.5" />
          {what}
        </Button>
      )}
      {remove.error && (
        <p role="alert" className="w-full text-bad">
          {rich("Not done: {reason}", { reason: <SenderText text={remove.error.message} lines /> })}
        </p>
      )}
    </div>
  );
}
