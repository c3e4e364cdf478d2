/** What a rule looks for, in words. Null or nothing where its text has something that these words do not know. */
import { describeTerms } from "../../filters/terms";
import { formatNumber } from "../../ui/format";
import { isTable, readToml, type TomlTable, type TomlValue } from "./toml";

export interface RuleSentence {
  /** What has to happen. */
  sentence: string;
  /** Which activities are looked at: parameters of the log's filter. */
  filter: { name: string; value: string }[];
}

const FIELDS: Record<string, string> = {
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

const FILTERS: Record<string, string> = {
  action_filter: "action",
  success_filter: "result",
  ip: "address",
  is_admin: "by an admin",
  resource_id: "resource",
};

export function wordsOf(definition: string): RuleSentence | null {
  const rule = readToml(definition);
  const condition = rule?.condition;
  if (!rule || !isTable(condition)) return null;
  const sentence = describe(condition, rule);
  return sentence === null ? null : { sentence, filter: filterOf(rule) };
}

/** Texts of a condition that every sentence is put together from. */
interface Parts {
  condition: TomlTable;
  least: number;
  span: string;
  /** "of one user and address" */
  group: string;
}

function describe(condition: TomlTable, rule: TomlTable): string | null {
  const parts: Parts = {
    condition,
    least: leastOf(condition),
    span: spanInWords(rule.timespan),
    group: groupOf(rule.group_by),
  };
  const kind = String(condition.type);
  return Object.hasOwn(SENTENCES, kind) ? (SENTENCES[kind]?.(parts) ?? null) : null;
}

const SENTENCES: Record<string, (parts: Parts) => string> = {
  event_count: ({ least, span, group }) =>
    least === 1
      ? `Every activity that matches. Those ${group || "that match"} within ${span} are one alert.`
      : `${formatNumber(least)} or more activities${spaced(group)} within ${span}.`,
  value_count: ({ condition, least, span, group }) =>
    `Activities${spaced(group)} with ${formatNumber(least)} or more different values of ${fieldOf(condition.field)} within ${span}.`,
  temporal: (parts) =>
    `Within ${parts.span}${spaced(parts.group, ",")}, in any order: ${stepsOf(parts.condition, ", ")}.`,
  temporal_ordered: (parts) =>
    `Within ${parts.span}${spaced(parts.group, ",")}: ${stepsOf(parts.condition, ", then ")}.`,
  ratio: ({ condition, span, group }) =>
    `${percent(condition.gte)} or more of the activities${spaced(group)} within ${span} have ${filterText(condition.part)}, where there are at least ${formatNumber(numberOf(condition.min_count, 1))}.`,
  first_seen: ({ condition, span, group }) =>
    `Activities${spaced(group)} with a ${fieldOf(condition.field)} that was not seen there within ${span}. It learns for ${spanInWords(condition.learning)} first.`,
  outside_hours: ({ condition, least, span, group }) =>
    `${least === 1 ? "An activity" : `${formatNumber(least)} or more activities`}${spaced(group)} outside ${String(condition.from)}–${String(condition.to)} on ${daysOf(condition.weekdays)} (${String(condition.zone)}). Those within ${span} are one alert.`,
  silence: ({ condition, least, span, group }) =>
    `No activity${spaced(group)} for ${spanInWords(condition.quiet_for)}, after ${formatNumber(least)} or more within ${span}.`,
  impossible_travel: ({ condition, span, group }) =>
    `Two activities${spaced(group)} within ${span} from places that are at least ${formatNumber(numberOf(condition.min_distance, 200))} km apart, faster than ${formatNumber(numberOf(condition.max_speed, 1_000))} km/h.`,
};

const spaced = (text: string, before = ""): string => (text ? `${before} ${text}` : "");

const numberOf = (value: TomlValue | undefined, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;

function leastOf({ gte, gt, eq }: TomlTable): number {
  return typeof gt === "number" ? gt + 1 : numberOf(gte ?? eq, 1);
}

const percent = (share: TomlValue | undefined): string => `${formatNumber(numberOf(share, 0) * 100)}%`;

const UNITS: Record<string, string> = { s: "second", m: "minute", h: "hour", d: "day" };

/** "10m" as "10 minutes". */
export function spanInWords(span: TomlValue | undefined): string {
  const [, count = "", unit = ""] = /^(\d+)([smhd])$/.exec(String(span)) ?? [];
  if (!UNITS[unit]) return String(span ?? "the timespan");
  return `${count} ${UNITS[unit]}${count === "1" ? "" : "s"}`;
}

const textsOf = (value: TomlValue | undefined): string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);

const named = (names: Record<string, string>, key: string): string =>
  Object.hasOwn(names, key) ? (names[key] ?? key) : key;

const fieldOf = (value: TomlValue | undefined): string => named(FIELDS, String(value));

function groupOf(fields: TomlValue | undefined): string {
  const names = textsOf(fields).map((field) => named(FIELDS, field));
  return names.length === 0 ? "" : `of one ${names.join(" and ")}`;
}

const daysOf = (days: TomlValue | undefined): string =>
  textsOf(days)
    .map((day) => day.charAt(0).toUpperCase() + day.slice(1))
    .join(", ");

function stepsOf({ steps }: TomlTable, joint: string): string {
  return (Array.isArray(steps) ? (steps as readonly TomlValue[]) : [])
    .filter(isTable)
    .map((step) => {
      const least = leastOf(step);
      const many = least === 1 ? "an activity" : `${formatNumber(least)} or more activities`;
      return `${many} with ${filterText(step.filter)}`;
    })
    .join(joint);
}

/** Parameters whose value says it all. */
const RESULTS: Record<string, string> = { true: "success", false: "failure" };

function parametersOf(filter: TomlValue | undefined): { name: string; value: string }[] {
  if (!isTable(filter)) return [];
  return Object.entries(filter).map(([key, value]) => {
    const texts = textsOf(value);
    const shown = key === "success_filter" ? texts.map((text) => RESULTS[text] ?? text) : texts;
    return { name: named(FILTERS, key).replaceAll("_", " "), value: describeTerms(shown.join(",")) };
  });
}

const filterText = (filter: TomlValue | undefined): string =>
  parametersOf(filter)
    .map(({ name, value }) => `${name} ${value}`)
    .join(", ");

function filterOf(rule: TomlTable): { name: string; value: string }[] {
  const other = rule.another_user === true ? [{ name: "target", value: "another user" }] : [];
  const tenant = typeof rule.tenant === "string" ? [{ name: "tenant", value: rule.tenant }] : [];
  return [...parametersOf(rule.filter), ...other, ...tenant];
}
