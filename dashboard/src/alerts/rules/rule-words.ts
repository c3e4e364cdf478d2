/** What a rule looks for, in words. Null or nothing where its text has something that these words do not know. */
import { LOCALE } from "../../texts/language";
import { plural, t } from "../../texts/texts";
import { fieldOf, filterOf, filterText, textsOf } from "./rule-filter";
import { isTable, readToml, type TomlTable, type TomlValue } from "./toml";

export interface RuleSentence {
  /** What has to happen. */
  sentence: string;
  /** Which activities are looked at: parameters of the log's filter. */
  filter: { name: string; value: string }[];
}

export function wordsOf(definition: string): RuleSentence | null {
  const rule = readToml(definition);
  const condition = rule?.condition;
  if (!rule || !isTable(condition)) return null;
  const sentence = describe(condition, rule);
  return sentence === null ? null : { sentence, filter: filterOf(rule) };
}

/** Parts of a condition that stand in its sentence. */
interface Parts {
  condition: TomlTable;
  least: number;
  span: string;
  /** "of one user and address"; null where all activities are one group. */
  group: string | null;
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
  event_count: ({ least, span, group }) => {
    if (least > 1) return t("{activities} within {span}.", { activities: activitiesOf(least, group), span });
    return group
      ? t("Every activity that matches. Those {group} within {span} are one alert.", { group, span })
      : t("Every activity that matches. Those that match within {span} are one alert.", { span });
  },
  value_count: ({ condition, least, span, group }) =>
    t("{activities} with {count} or more different values of {field} within {span}.", {
      activities: allOf(group),
      count: least,
      field: fieldOf(condition.field),
      span,
    }),
  temporal: ({ condition, span, group }) => {
    const steps = stepsOf(condition).join(", ");
    return group
      ? t("Within {span}, {group}, in any order: {steps}.", { span, group, steps })
      : t("Within {span}, in any order: {steps}.", { span, steps });
  },
  temporal_ordered: ({ condition, span, group }) => {
    const steps = inTurn(stepsOf(condition));
    return group
      ? t("Within {span}, {group}: {steps}.", { span, group, steps })
      : t("Within {span}: {steps}.", { span, steps });
  },
  ratio: ({ condition, span, group }) => {
    const values = {
      percent: percent.format(numberOf(condition.gte, 0)),
      span,
      part: filterText(condition.part),
      count: numberOf(condition.min_count, 1),
    };
    return group
      ? t(
          "{percent} or more of the activities {group} within {span} have {part}, where there are at least {count}.",
          { ...values, group },
        )
      : t(
          "{percent} or more of the activities within {span} have {part}, where there are at least {count}.",
          values,
        );
  },
  first_seen: ({ condition, span, group }) =>
    t("{activities} with a {field} that was not seen there within {span}. It learns for {learning} first.", {
      activities: allOf(group),
      field: fieldOf(condition.field),
      span,
      learning: spanInWords(condition.learning),
    }),
  outside_hours: ({ condition, least, span, group }) =>
    t("{activities} outside {from}–{to} on {days} ({zone}). Those within {span} are one alert.", {
      activities: activitiesOf(least, group),
      from: String(condition.from),
      to: String(condition.to),
      days: daysOf(condition.weekdays),
      zone: String(condition.zone),
      span,
    }),
  silence: ({ condition, least, span, group }) => {
    const values = { quiet: spanInWords(condition.quiet_for), count: least, span };
    return group
      ? t("No activity {group} for {quiet}, after {count} or more within {span}.", { ...values, group })
      : t("No activity for {quiet}, after {count} or more within {span}.", values);
  },
  impossible_travel: ({ condition, span, group }) => {
    const values = {
      span,
      distance: numberOf(condition.min_distance, 200),
      speed: numberOf(condition.max_speed, 1_000),
    };
    return group
      ? t(
          "Two activities {group} within {span} from places that are at least {distance} km apart, faster than {speed} km/h.",
          { ...values, group },
        )
      : t(
          "Two activities within {span} from places that are at least {distance} km apart, faster than {speed} km/h.",
          values,
        );
  },
};

/** "20 or more activities of one user", as a sentence begins. */
function activitiesOf(least: number, group: string | null): string {
  if (least === 1) return group ? t("An activity {group}", { group }) : t("An activity");
  return group
    ? t("{count} or more activities {group}", { count: least, group })
    : t("{count} or more activities", { count: least });
}

const allOf = (group: string | null): string =>
  group ? t("Activities {group}", { group }) : t("Activities");

const numberOf = (value: TomlValue | undefined, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;

function leastOf({ gte, gt, eq }: TomlTable): number {
  return typeof gt === "number" ? gt + 1 : numberOf(gte ?? eq, 1);
}

const percent = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 3 });

/** Both texts of a unit, as they stand after "within". */
const UNITS = {
  s: ["{count} second|within", "{count} seconds|within"],
  m: ["{count} minute|within", "{count} minutes|within"],
  h: ["{count} hour|within", "{count} hours|within"],
  d: ["{count} day|within", "{count} days|within"],
} as const;

const isUnit = (unit: string): unit is keyof typeof UNITS => Object.hasOwn(UNITS, unit);

/** "10m" as "10 minutes". */
export function spanInWords(span: TomlValue | undefined): string {
  const [, count = "", unit = ""] = /^(\d+)([smhd])$/.exec(String(span)) ?? [];
  if (!isUnit(unit)) return span === undefined ? t("the timespan") : String(span);
  const [one, many] = UNITS[unit];
  return plural(Number(count), one, many);
}

function groupOf(fields: TomlValue | undefined): string | null {
  const names = textsOf(fields).map(fieldOf);
  if (names.length === 0) return null;
  return t("of one {fields}", {
    fields: names.reduce((some, name) => t("{some} and {name}", { some, name })),
  });
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const dayName = new Intl.DateTimeFormat(LOCALE, { weekday: "short", timeZone: "UTC" });
/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

const daysOf = (days: TomlValue | undefined): string =>
  textsOf(days)
    .map((day) => {
      const index = WEEKDAYS.indexOf(day);
      return index < 0 ? day : dayName.format(MONDAY + index * DAY_MS);
    })
    .join(", ");

const stepsOf = ({ steps }: TomlTable): string[] =>
  (Array.isArray(steps) ? (steps as readonly TomlValue[]) : []).filter(isTable).map((step) => {
    const least = leastOf(step);
    const filter = filterText(step.filter);
    return least === 1
      ? t("an activity with {filter}", { filter })
      : t("{count} or more activities with {filter}", { count: least, filter });
  });

const inTurn = (steps: readonly string[]): string =>
  steps.length === 0 ? "" : steps.reduce((former, next) => t("{former}, then {next}", { former, next }));
