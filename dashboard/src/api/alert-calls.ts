import { request } from "./client";
import type {
  Alert,
  AlertChannelList,
  AlertDecision,
  AlertMute,
  AlertRule,
  AlertRuleChange,
  AlertRuleList,
  NewAlertRule,
} from "./types";

const RULES = "/api/admin/alert-rules";
export const BACK_TEST_PATH = `${RULES}/backtest`;

const ruleAddress = (id: string) => `${RULES}/${encodeURIComponent(id)}`;
const alertAddress = (id: string) => `/api/admin/alerts/${encodeURIComponent(id)}`;

export const getAlert = (id: string, signal?: AbortSignal) =>
  request<Alert>(alertAddress(id), { ...(signal && { signal }) });

export type Decision = { decision: "acknowledge" | "resolve" } | { decision: "mute"; until: string | null };

export function decideAlert(id: string, { decision, ...rest }: Decision, reason: string) {
  const body: AlertDecision | AlertMute = { ...rest, ...(reason && { reason }) };
  return request<Alert>(`${alertAddress(id)}/${decision}`, { method: "POST", body });
}

export const listRules = (signal?: AbortSignal) =>
  request<AlertRuleList>(RULES, { ...(signal && { signal }) });

export const listChannels = (signal?: AbortSignal) =>
  request<AlertChannelList>("/api/admin/alert-channels", { ...(signal && { signal }) });

export const createRule = (body: NewAlertRule) => request<AlertRule>(RULES, { method: "POST", body });

export const changeRule = (id: string, body: AlertRuleChange) =>
  request<AlertRule>(ruleAddress(id), { method: "PUT", body });

export const removeRule = (id: string) => request<void>(ruleAddress(id), { method: "DELETE" });
