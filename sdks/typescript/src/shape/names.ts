/** The names under which an application may give a field: the server's own, their camelCase, an admin tracker's. */

/** Fields that are text, in the order in which they are sent. */
export const TEXT_FIELDS = [
  "user_id",
  "action_type",
  "endpoint",
  "http_method",
  "error_message",
  "error_type",
  "target_user_id",
  "target_resource_id",
  "resource_type",
  "ip_address",
  "user_agent",
  "delegate_id",
  "delegate_type",
  "via",
  "session_id",
  "request_id",
  "trace_id",
  "tenant_id",
] as const;

const OTHER_FIELDS = [
  "id",
  "timestamp",
  "status_code",
  "success",
  "details",
  "changes",
  "duration_ms",
  "db_query_count",
  "is_admin",
] as const;

export type FieldName = (typeof TEXT_FIELDS)[number] | (typeof OTHER_FIELDS)[number];

const NAMES = new Map<string, FieldName>([
  ...[...TEXT_FIELDS, ...OTHER_FIELDS].flatMap((name): [string, FieldName][] => [
    [name, name],
    [name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), name],
  ]),
  ["adminId", "user_id"],
  ["action", "action_type"],
  ["entityType", "resource_type"],
  ["entityId", "target_resource_id"],
  ["metadata", "details"],
]);

/** The field that an application means by a name; undefined where there is none. */
export function fieldName(given: string): FieldName | undefined {
  return NAMES.get(given);
}
