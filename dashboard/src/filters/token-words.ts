/** A token in words: for the bar, for its tooltip, and for assistive technology. */

import { currentTimes, type Times } from "../times/times";
import { fieldOf } from "./fields";
import { describeRange } from "./ranges";
import { isOwnActs, type Token } from "./tokens";

export interface TokenWords {
  /** What it is about; empty where the value says it. */
  label: string;
  not: boolean;
  value: string;
}

const MOST_VALUES = 3;

/** Short, for where there is little room: of many values the first ones stand for all. */
export function shortWords(token: Token, me: string | null, times: Times = currentTimes()): TokenWords {
  return words(token, me, times, (values) =>
    values.length > MOST_VALUES
      ? `${values.slice(0, MOST_VALUES - 1).join(" or ")} +${values.length - MOST_VALUES + 1}`
      : values.join(" or "),
  );
}

/** In full, as one text: "action not user_login or user_logout". */
export function fullWords(token: Token, me: string | null, times: Times = currentTimes()): string {
  const { label, not, value } = words(token, me, times, (values) => values.join(" or "));
  return [label, not ? "not" : "", value].filter(Boolean).join(" ");
}

function words(
  token: Token,
  me: string | null,
  times: Times,
  join: (values: readonly string[]) => string,
): TokenWords {
  const { not, values } = token;
  const field = fieldOf(token.field);
  if (isOwnActs(token, me)) return { label: "", not: true, value: "by me" };
  switch (field.kind) {
    case "time":
      return { label: field.name, not, value: describeRange(values[0] ?? "", values[1] ?? "", times) };
    case "result":
      return { label: field.name, not, value: values[0] === "failure" ? "failed" : "success" };
    case "flag":
      // The words for "no" begin with "not".
      return { label: "", not: false, value: not ? field.no : field.yes };
    case "text":
      return { label: field.name, not, value: `“${values[0] ?? ""}”` };
    default:
      return { label: field.name, not, value: join(values) };
  }
}
