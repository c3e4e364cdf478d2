import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback } from "react";

/** `open` is the rule that is open beside the list; `mode` says that it, or a new one, is being written. */
export const ruleParsers = { open: parseAsString, mode: parseAsStringLiteral(["edit", "new"]) };

export function useRuleView() {
  const [view, setView] = useQueryStates(ruleParsers, { history: "push" });
  const open = useCallback(
    (id: string | null, moving = false) =>
      void setView({ open: id, mode: null }, { history: moving ? "replace" : "push" }),
    [setView],
  );
  const write = useCallback((id: string) => void setView({ open: id, mode: "edit" }), [setView]);
  const writeNew = useCallback(() => void setView({ open: null, mode: "new" }), [setView]);
  return { view, open, write, writeNew };
}
