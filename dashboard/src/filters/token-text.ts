/** A token as it is typed: `action:user_login,user_logout`, `-status:404`. The values are in the grammar of the API. */
import { type Field, fieldNamed, fieldOf } from "./fields";
import { rangeNamed } from "./ranges";
import { literally, readTerms, splitTerms } from "./terms";
import type { Token } from "./tokens";

/** The signs of an exclusion: what keyboards have, the true minus, and the API's own. */
const TYPED = /^\s*(?<not>[-−!]?)\s*(?<name>[a-z][a-z_ ]*?)\s*:(?<rest>.*)$/isu;

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
    case "result":
      return /^(success|fail)/i.test(last)
        ? token([/^s/i.test(last) !== not ? "success" : "failure"], false)
        : null;
    case "flag":
      return /^(|y|yes|true|only|n|no|not|false)$/i.test(last)
        ? token([], /^[nf]/i.test(last) !== not)
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

/** How a token is typed, for changing it. A time is chosen, not typed. */
export function writeToken({ field: key, not, values }: Token): string {
  const field = fieldOf(key);
  const sign = not ? "-" : "";
  if (field.kind === "flag") return `${field.name}:${not ? "no" : "yes"}`;
  if (field.kind === "result") return `${field.name}:${values[0] === "failure" ? "failed" : "success"}`;
  if (field.kind === "text") return `${field.name}:${values[0] ?? ""}`;
  return `${sign}${field.name}:${values.map(literally).join(",")}`;
}
