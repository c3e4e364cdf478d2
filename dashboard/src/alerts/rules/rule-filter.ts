/** What a rule's filter and its fields are called. */
import { describeTerms } from "../../filters/terms";
import { known } from "../../texts/known";
import { type Text, t } from "../../texts/texts";
import { isTable, type TomlTable, type TomlValue } from "./toml";

const FIELDS: Readonly<Record<string, Text>> = {
  action_type: "action",
  user_id: "user",
  target_user_id: "target user",
  session_id: "session",
  request_id: "request",
  trace_id: "trace",
  resource_type: "resource type",
  target_resource_id: "resource",
  endpoint: "endpoint",
  http_method: "method",
  status_code: "status",
  error_type: "type of error",
  ip_address: "address",
  network: "network",
  user_agent: "user agent",
  device: "device",
  delegate_id: "delegate",
  via: "way (via)",
};

const FILTERS: Readonly<Record<string, Text>> = {
  action_filter: "action",
  success_filter: "result",
  user_id: "user id",
  target_user_id: "target user id",
  ip: "address",
  is_admin: "by an admin",
  status: "status",
  category: "category",
  endpoint: "endpoint",
  method: "method",
  resource_type: "resource type",
  resource_id: "resource",
};

/** A field of activities, as a sentence has it. */
export const fieldOf = (value: TomlValue | undefined): string => known(FIELDS, String(value));

/** The texts of a list, or the one text in its place. */
export const textsOf = (value: TomlValue | undefined): string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);

const RESULTS: Readonly<Record<string, Text>> = { true: "success", false: "failure" };
const ANSWERS: Readonly<Record<string, Text>> = { true: "true", false: "false" };

function parametersOf(filter: TomlValue | undefined): { name: string; value: string }[] {
  if (!isTable(filter)) return [];
  return Object.entries(filter).map(([key, value]) => {
    const texts = textsOf(value);
    const words = key === "success_filter" ? RESULTS : typeof value === "boolean" ? ANSWERS : {};
    const shown = texts.map((text) => known(words, text));
    return { name: known(FILTERS, key).replaceAll("_", " "), value: describeTerms(shown.join(",")) };
  });
}

/** A filter as a sentence has it: "status 403, result failure". */
export const filterText = (filter: TomlValue | undefined): string =>
  parametersOf(filter)
    .map(({ name, value }) => `${name} ${value}`)
    .join(", ");

/** Which activities a rule looks at: parameters of the log's filter. */
export function filterOf(rule: TomlTable): { name: string; value: string }[] {
  const other = rule.another_user === true ? [{ name: t("target"), value: t("another user") }] : [];
  const tenant = typeof rule.tenant === "string" ? [{ name: t("tenant"), value: rule.tenant }] : [];
  return [...parametersOf(rule.filter), ...other, ...tenant];
}
