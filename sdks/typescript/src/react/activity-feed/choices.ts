/** What the reader has chosen in the bar, and the filter that it means. */
import { type ActivityFilter, exactly } from "../../stream/address.js";
import type { ActivityFeedControl } from "./props.js";

export type RangeChoice = "any" | "hour" | "day" | "week" | "month" | "own";

export interface Choices {
  search: string;
  action: string;
  user: string;
  result: "" | "true" | "false";
  range: RangeChoice;
  /** Epoch seconds. */
  from: number | null;
  until: number | null;
}

export const NO_CHOICES: Choices = {
  search: "",
  action: "",
  user: "",
  result: "",
  range: "any",
  from: null,
  until: null,
};

const HOUR = 3_600;
export const RANGE_SECONDS = { hour: HOUR, day: 24 * HOUR, week: 168 * HOUR, month: 720 * HOUR } as const;

/** The filters of each control. Where the application has fixed one of them, the reader has no such control. */
const FILTERS: Record<ActivityFeedControl, readonly string[]> = {
  search: ["q"],
  action: ["action_filter"],
  user: ["user_search", "user_id"],
  result: ["success_filter"],
  range: ["date_from", "date_to"],
};
export const CONTROLS = Object.keys(FILTERS) as ActivityFeedControl[];

export function openControls(
  fixed: ActivityFilter | undefined,
  wanted: readonly ActivityFeedControl[] = CONTROLS,
): ActivityFeedControl[] {
  const isFree = (name: string) => filterValueOf(fixed, name) === null;
  return CONTROLS.filter((control) => wanted.includes(control) && FILTERS[control].every(isFree));
}

/** Livetrail's own activities, such as "viewed the log", are not what customers look for. */
const OWN_ACTIVITIES = { resource_type: "!livetrail" };

/** The application's filter and the reader's. The application's wins. */
export function filterOf(fixed: ActivityFilter | undefined, choices: Choices): ActivityFilter {
  const { search, action, user, result, from, until } = choices;
  const chosen: ActivityFilter = {
    ...OWN_ACTIVITIES,
    q: search.trim(),
    action_filter: exactly(action),
    user_search: user.trim(),
    success_filter: result,
    date_from: from,
    date_to: until,
  };
  const isFixed = (name: string) => filterValueOf(fixed, name) !== null;
  return { ...Object.fromEntries(Object.entries(chosen).filter(([name]) => !isFixed(name))), ...fixed };
}

export const isChosen = (choices: Choices): boolean =>
  (Object.keys(NO_CHOICES) as (keyof Choices)[]).some((name) => choices[name] !== NO_CHOICES[name]);

/** A range of the past that ends now begins so long ago, and goes on. */
export function withRange(choices: Choices, range: RangeChoice, nowSeconds: number): Choices {
  if (range === "own") return { ...choices, range };
  const from = range === "any" ? null : Math.floor(nowSeconds) - RANGE_SECONDS[range];
  return { ...choices, range, from, until: null };
}

/** Whether everything that can belong to the filter has happened. */
export function isPast(fixed: ActivityFilter | undefined, { until }: Choices, nowSeconds: number): boolean {
  const end = filterValueOf(fixed, "date_to") ?? until;
  if (end === null) return false;
  const seconds = Number.isNaN(Number(end)) ? Date.parse(String(end)) / 1_000 : Number(end);
  return seconds < nowSeconds;
}

/** What the application has set a filter to; null: it has left it open. */
function filterValueOf(filter: ActivityFilter | undefined, name: string): string | number | null {
  const [value] = [filter?.[name]].flat();
  return value === undefined || value === null || value === "" ? null : String(value);
}
