/**
 * The sections of an activity in its detail, and their fields in the order in which they are shown. The detail shows
 * sentence, icon, `details` and `changes` in its own way.
 */
import type { Activity } from "../api/types";
import { type Text, t } from "../texts/texts";
import type { Times } from "../times/times";
import { formatDuration } from "../ui/format";
import { visibleText } from "../ui/visible-text";
import { deviceText } from "./device-text";
import { severityText } from "./severity-text";

export interface Field {
  key: keyof Activity;
  label: Text;
  mono?: boolean;
  /** Line breaks and runs of spaces belong to it: a message, not a name. */
  lines?: boolean;
  /** The field's text where it differs from the plain value: words of this page. Null when there is nothing to show. */
  text?: (activity: Activity, times: Times) => string | null;
}

export interface Section {
  id: string;
  title: Text;
  fields: readonly Field[];
}

/** What is not so was not sent. */
const yes = (value: boolean) => (value ? t("Yes") : null);

export const SECTIONS: readonly Section[] = [
  {
    id: "action",
    title: "Action",
    fields: [
      { key: "action_type", label: "Action type", mono: true },
      { key: "category", label: "Category" },
      { key: "severity", label: "Severity", text: ({ severity }) => severityText(severity) },
      { key: "error_message", label: "Error", lines: true },
      { key: "error_type", label: "Error type", mono: true },
    ],
  },
  {
    id: "user",
    title: "User",
    fields: [
      { key: "user_display_name", label: "Name|user" },
      { key: "user_email", label: "E-mail" },
      { key: "user_id", label: "User id", mono: true },
      { key: "is_admin", label: "Acting as admin", text: (activity) => yes(activity.is_admin) },
      { key: "delegate_id", label: "Delegate", mono: true },
      { key: "delegate_type", label: "Delegate type" },
      { key: "session_id", label: "Session", mono: true },
      { key: "tenant_id", label: "Tenant", mono: true },
    ],
  },
  {
    id: "target",
    title: "Target",
    fields: [
      { key: "target_user_id", label: "Target user", mono: true },
      { key: "resource_type", label: "Resource type" },
      { key: "target_resource_id", label: "Resource", mono: true },
    ],
  },
  {
    id: "origin",
    title: "Origin",
    fields: [
      { key: "via", label: "Via", mono: true },
      { key: "ip_address", label: "IP address", mono: true },
      {
        key: "device",
        label: "Device",
        text: ({ device }) => device && visibleText(deviceText(device) ?? ""),
      },
      { key: "user_agent", label: "User agent", mono: true, lines: true },
    ],
  },
  {
    id: "request",
    title: "Request",
    fields: [
      { key: "http_method", label: "Method", mono: true },
      { key: "endpoint", label: "Endpoint", mono: true },
      { key: "status_code", label: "Status", mono: true },
      {
        key: "success",
        label: "Result",
        text: ({ success }) => (success ? t("Success|result") : t("Failed|result")),
      },
      {
        key: "duration_ms",
        label: "Duration",
        text: ({ duration_ms }) => (duration_ms === null ? null : formatDuration(duration_ms)),
      },
      { key: "db_query_count", label: "Database queries" },
      { key: "request_id", label: "Request id", mono: true },
      { key: "trace_id", label: "Trace id", mono: true },
    ],
  },
  {
    id: "time",
    title: "Record",
    fields: [
      { key: "timestamp", label: "Happened|at", text: ({ timestamp }, times) => times.exact(timestamp) },
      { key: "occurred_at", label: "Precisely", mono: true },
      { key: "created_at", label: "Stored", mono: true },
      {
        key: "timestamp_adjusted",
        label: "Time adjusted",
        text: ({ timestamp_adjusted }) => yes(timestamp_adjusted),
      },
      { key: "position", label: "Position", mono: true },
      { key: "id", label: "Id", mono: true },
    ],
  },
];

export function fieldText(field: Field, activity: Activity, times: Times): string | null {
  if (field.text) return field.text(activity, times);
  const value = activity[field.key];
  return value === null || value === undefined || value === "" ? null : String(value);
}
