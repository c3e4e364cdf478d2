/** A token in words: for the bar, for its tooltip, and for assistive technology. */

import { titleOf } from "../texts/actions";
import { t } from "../texts/texts";
import { currentTimes, type Times } from "../times/times";
import { fieldOf } from "./fields";
import { describeRange } from "./ranges";
import { anyOf } from "./terms";
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
      ? `${anyOf(values.slice(0, MOST_VALUES - 1))} +${values.length - MOST_VALUES + 1}`
      : anyOf(values),
  );
}

/** In full, as one text: "action not user_login or user_logout". */
export function fullWords(token: Token, me: string | null, times: Times = currentTimes()): string {
  return inOneText(words(token, me, times, anyOf));
}

export const inOneText = ({ label, not, value }: TokenWords): string =>
  [label, not ? t("not") : "", value].filter(Boolean).join(" ");

function words(
  token: Token,
  me: string | null,
  times: Times,
  join: (values: readonly string[]) => string,
): TokenWords {
  const { not, values } = token;
  const field = fieldOf(token.field);
  const label = t(field.name);
  if (isOwnActs(token, me)) {
    return { label: "", not: true, value: token.field === "read_by" ? t("read by me") : t("by me") };
  }
  switch (field.kind) {
    case "time":
      return { label, not, value: describeRange(values[0] ?? "", values[1] ?? "", times) };
    case "result":
      return { label, not, value: values[0] === "failure" ? t("failed") : t("success") };
    case "flag":
      // The words for "no" begin with "not".
      return { label: "", not: false, value: not ? t(field.no) : t(field.yes) };
    case "text":
      return { label, not, value: t("“{text}”", { text: values[0] ?? "" }) };
    default:
      return { label, not, value: join(values.map((value) => titleOf(field.key, value) ?? value)) };
  }
}
