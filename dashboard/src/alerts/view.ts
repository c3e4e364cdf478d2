/** What the page of alerts shows, kept in the URL with the API's own parameter names. */
import { type inferParserType, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback } from "react";
import type { Alert, AlertState, Severity } from "../api/types";
import { parseAsId } from "../filters/parsers";

export const SEVERITIES = ["critical", "warning", "notice", "info"] as const satisfies readonly Severity[];
export const ALERT_STATES = ["open", "acknowledged", "resolved"] as const satisfies readonly AlertState[];

const filterParsers = {
  state: parseAsStringLiteral(ALERT_STATES),
  severity: parseAsStringLiteral(SEVERITIES),
  rule: parseAsString,
  tenant_id: parseAsString,
};

/** `alert` is the one that is open beside the list. */
export const alertParsers = { ...filterParsers, alert: parseAsId };

export type AlertFilter = inferParserType<typeof filterParsers>;
export type AlertView = inferParserType<typeof alertParsers>;

export const NO_ALERT_FILTER: AlertFilter = { state: null, severity: null, rule: null, tenant_id: null };

export interface AlertViewActions {
  view: AlertView;
  filterBy: (change: Partial<AlertFilter>) => void;
  /** Opens an alert; `moving` from one to the next is kept out of the browser's history. */
  open: (id: string | null, moving?: boolean) => void;
}

export function useAlertView(): AlertViewActions {
  const [view, setView] = useQueryStates(alertParsers, { history: "push", clearOnDefault: true });
  const filterBy = useCallback((change: Partial<AlertFilter>) => void setView(change), [setView]);
  const open = useCallback(
    (id: string | null, moving = false) =>
      void setView({ alert: id }, { history: moving ? "replace" : "push" }),
    [setView],
  );
  return { view, filterBy, open };
}

/** The filter as parameters of the list. */
export function alertQuery(filter: AlertFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ["state", "severity", "rule", "tenant_id"] as const) {
    const value = filter[name];
    if (value) query.set(name, value);
  }
  return query;
}

export const isAlertFiltered = (filter: AlertFilter): boolean => alertQuery(filter).size > 0;

/** Whether the list of this filter has the alert. */
export const matches = (filter: AlertFilter, alert: Alert): boolean =>
  [...alertQuery(filter)].every(([name, value]) => alert[name as keyof AlertFilter] === value);
