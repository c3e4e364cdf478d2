/** What an activity has that one can filter by, in the order in which a reader looks for it. */
import type { Activity } from "../api/types";
import type { FieldKey } from "../filters/fields";

export interface FieldValue {
  field: FieldKey;
  value: string;
}

const FIELDS = [
  ["user_id", "user_id"],
  ["action_type", "action_filter"],
  ["ip_address", "ip"],
  ["session_id", "session_id"],
  ["target_user_id", "target_user_id"],
  ["target_resource_id", "resource_id"],
  ["resource_type", "resource_type"],
  ["status_code", "status"],
  ["endpoint", "endpoint"],
  ["http_method", "method"],
  ["request_id", "request_id"],
  ["trace_id", "trace_id"],
  ["delegate_id", "delegate_id"],
  ["via", "via"],
  ["category", "category"],
  ["tenant_id", "tenant_id"],
] as const satisfies readonly (readonly [keyof Activity, FieldKey])[];

/** The filter that takes what is in a field of an activity; null where none does. */
export const filterFor = (key: keyof Activity): FieldKey | null =>
  FIELDS.find(([field]) => field === key)?.[1] ?? null;

export const valuesOf = (activity: Activity): FieldValue[] =>
  FIELDS.flatMap(([key, field]) => {
    const value = activity[key];
    return value === null || value === "" ? [] : [{ field, value: String(value) }];
  });
