/** A token as it is typed: `action:user_login,user_logout`, `-status:404`. The values are in the grammar of the API. */
import { t } from "../texts/texts";
import { type Field, fieldNamed, fieldOf } from "./fields";
import { rangeNamed } from "./ranges";
import { literally, readTerms, splitTerms } from "./terms";
import type { Token } from "./tokens";

/** The signs of an exclusion: what keyboards have, the true minus, and the API's own. */
const TYPED = /^\s*(?<not>[-−!]?)\s*(?<name>\p{L}[\p{L}_ ]*?)\s*:(?<rest>.*)$/isu;

export interface Typed {
  field: Field;
  not: boolean;
  /** What is complete, in the API's grammar. */
  done: readonly string[];
  /** What is being typed. */
  last: string;
}

/** The field that was typed, and its values so far; null where the text names none. */
export function readTyped(text: string): Typed | null {
  const { not, name = "", rest = "" } = TYPED.exec(text)?.groups ?? {};
  const field = fieldNamed(name);
  if (!field) return null;
  if (field.kind !== "terms") return { field, not: Boolean(not), done: [], last: rest.trim() };
  const terms = splitTerms(rest);
  const isComplete = rest.trim() === "" || /(?<!\\)(?:\\\\)*,\s*$/.test(rest);
  const last = isComplete ? "" : (terms.pop() ?? "");
  return { field, not: Boolean(not), done: terms, last };
}

/** The token that a text is; null where it is none, or not yet a whole one. */
export function readToken(text: string): Token | null {
  const typed = readTyped(text);
  if (!typed) return null;
  const { field, not, done, last } = typed;
  const token = (values: readonly string[], excludes = not): Token => ({
    field: field.key,
    not: excludes,
    values,
  });
  switch (field.kind) {
    case "time": {
      const dates = rangeNamed(last, Date.now() / 1_000);
      return dates && token([String(dates.date_from ?? ""), String(dates.date_to ?? "")], false);
    }
    case "result": {
      const result = resultOf(last);
      return result && token([(result === "success") !== not ? "success" : "failure"], false);
    }
    case "flag":
      return /^(|y|yes|true|only|n|no|not|false)$/i.test(last) ||
        [t("yes"), t("no")].includes(last.toLowerCase())
        ? token([], isNo(last) !== not)
        : null;
    case "text":
      return last ? token([last], false) : null;
    default: {
      const values = [...done, last].filter(Boolean).flatMap((term) => {
        const { any, none } = readTerms(term);
        return [...any, ...none];
      });
      return values.length > 0 ? token([...new Set(values)]) : null;
    }
  }
}

/** In each language of the page, "no" begins with the same letter. */
export const isNo = (typed: string): boolean => /^[nf]/i.test(typed);

/** The result that a text names, in English or in the language of the page. `isTyping`: by a part of its word, too. */
export function resultOf(text: string, isTyping = false): "success" | "failure" | null {
  const typed = text.toLowerCase();
  const isOneOf = (...words: string[]) =>
    words.some((word) => typed.startsWith(word) || (isTyping && typed !== "" && word.startsWith(typed)));
  if (isOneOf("success", t("success"))) return "success";
  return isOneOf("fail", t("failed")) ? "failure" : null;
}

/** How a token is typed, for changing it. A time is chosen, not typed. */
export function writeToken({ field: key, not, values }: Token): string {
  const field = fieldOf(key);
  const sign = not ? "-" : "";
  const name = t(field.name);
  if (field.kind === "flag") return `${name}:${not ? t("no") : t("yes")}`;
  if (field.kind === "result") return `${name}:${values[0] === "failure" ? t("failed") : t("success")}`;
  if (field.kind === "text") return `${name}:${values[0] ?? ""}`;
  return `${sign}${name}:${values.map(literally).join(",")}`;
}
