import type { Alert, AlertRule, AlertRuleList, Decision, DecisionBody } from "./alert-types";
import { request } from "./client";

const RULES = "/api/admin/alert-rules";
export const BACK_TEST_PATH = `${RULES}/backtest`;

const ruleAddress = (id: string) => `${RULES}/${encodeURIComponent(id)}`;
const alertAddress = (id: string) => `/api/admin/alerts/${encodeURIComponent(id)}`;

export const getAlert = (id: string, signal?: AbortSignal) =>
  request<Alert>(alertAddress(id), { ...(signal && { signal }) });

export const decideAlert = (id: string, decision: Decision, body: DecisionBody) =>
  request<Alert>(`${alertAddress(id)}/${decision}`, { method: "POST", body });

export const listRules = (signal?: AbortSignal) =>
  request<AlertRuleList>(RULES, { ...(signal && { signal }) });

export const createRule = (body: { definition: string; enabled: boolean }) =>
  request<AlertRule>(RULES, { method: "POST", body });

export const changeRule = (id: string, body: { definition?: string; enabled?: boolean }) =>
  request<AlertRule>(ruleAddress(id), { method: "PUT", body });

export const removeRule = (id: string) => request<void>(ruleAddress(id), { method: "DELETE" });
