/** What a text is by its shape: an address, an id, a path. What has no such shape is searched for. */
import type { FieldKey } from "./fields";
import type { Token } from "./tokens";

/** `certain`: it can be nothing else. `ids`: one of several kinds of id, so the log has to be asked which. */
export type Shape = { certain: Token } | { ids: readonly FieldKey[]; value: string };

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}(?:/(?:3[0-2]|[12]?\\d))?$`);
/** Eight groups, or fewer around one double colon: a time of the day is no address. */
const IPV6 =
  /^(?=.*::|(?:[^:]*:){7})(?!.*::.*::)(?:[\da-f]{0,4}:){2,7}(?:[\da-f]{0,4}|(?:\d{1,3}\.){3}\d{1,3})(?:\/(?:12[0-8]|1[01]\d|\d?\d))?$/i;
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
const E_MAIL = /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/;

const CERTAIN: readonly [RegExp, FieldKey][] = [
  [IPV4, "ip"],
  [IPV6, "ip"],
  [E_MAIL, "user_search"],
  [/^req[-_][\w-]+$/i, "request_id"],
  [/^ses[-_][\w-]+$|^sess(?:ion)?[-_]\w*\d[\w-]*$/i, "session_id"],
  [/^[\da-f]{32}$/i, "trace_id"],
  [/^\/[^\s/]\S*$/, "endpoint"],
  [/^[1-5](?:\d\d|xx)$/i, "status"],
];

const OF_UUID: readonly FieldKey[] = [
  "session_id",
  "request_id",
  "trace_id",
  "resource_id",
  "user_id",
  "target_user_id",
];

export function shapeOf(text: string): Shape | null {
  const value = text.trim();
  if (UUID.test(value)) return { ids: OF_UUID, value };
  const field = CERTAIN.find(([pattern]) => pattern.test(value))?.[1];
  if (field)
    return { certain: { field, not: false, values: [field === "status" ? value.toLowerCase() : value] } };
  const class_ = /^(?:>=|≥)\s*([1-5])00$/.exec(value)?.[1];
  return class_ ? { certain: { field: "status", not: false, values: classesFrom(Number(class_)) } } : null;
}

/** The classes of statuses from one on: 4 is 4xx and 5xx. */
export const classesFrom = (first: number): string[] =>
  [1, 2, 3, 4, 5].filter((class_) => class_ >= first).map((class_) => `${class_}xx`);
