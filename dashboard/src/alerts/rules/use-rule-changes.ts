import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeRule, createRule, removeRule } from "../../api/alert-calls";
import type { AlertRule, AlertRuleList } from "../../api/types";
import { RULES_KEY } from "../query-keys";

/** Puts what the server has made of a rule into the list. */
const withRule = (list: AlertRuleList, rule: AlertRule): AlertRuleList => ({
  data: list.data.map((former) => (former.id === rule.id ? rule : former)),
});

function useTaken() {
  const queries = useQueryClient();
  return (rule?: AlertRule) => {
    if (rule) {
      queries.setQueryData<AlertRuleList>(RULES_KEY, (former) => former && withRule(former, rule));
    }
    void queries.invalidateQueries({ queryKey: RULES_KEY });
  };
}

export function useSwitchRule() {
  const taken = useTaken();
  return useMutation({
    mutationFn: ({ rule, enabled }: { rule: AlertRule; enabled: boolean }) =>
      changeRule(rule.id, { enabled }),
    onSuccess: taken,
  });
}

/** Saves the text of a rule; without an id, that of a new one. */
export function useSaveRule(id: string | null) {
  const taken = useTaken();
  return useMutation({
    mutationFn: ({ definition, enabled }: { definition: string; enabled: boolean }) =>
      id === null ? createRule({ definition, enabled }) : changeRule(id, { definition }),
    onSuccess: taken,
  });
}

export function useRemoveRule(id: string) {
  const taken = useTaken();
  return useMutation({ mutationFn: () => removeRule(id), onSuccess: () => taken() });
}
