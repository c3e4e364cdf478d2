/**
 * The grammar of a filter's value, in the API and in links alike. `a,b` means any of them, `!c` means not c, and a
 * backslash makes the next character literal.
 */
import { t } from "../texts/texts";

/** What a filter takes, in the values that rows have: any of some, and none of others. */
export interface Terms {
  any: readonly string[];
  none: readonly string[];
}

/** A value that a row has, as a filter that matches it and nothing else. */
export const literally = (value: string): string => value.replace(/[\\,]/g, "\\$&").replace(/^!/, "\\!");

/** The terms of a filter, each still in the grammar. */
export const splitTerms = (filter: string): string[] =>
  [...filter.matchAll(/(?:\\.|[^\\,])+/gsu)].map(([term]) => term.trim()).filter(Boolean);

export function readTerms(filter: string): Terms {
  const any: string[] = [];
  const none: string[] = [];
  for (const term of splitTerms(filter)) {
    const value = term.replace(/^!/, "").replace(/\\(.)/gsu, "$1");
    (term.startsWith("!") ? none : any).push(value);
  }
  return { any, none };
}

export const listTerms = ({ any, none }: Terms): string[] => [
  ...any.map(literally),
  ...none.map((value) => `!${literally(value)}`),
];

/** What the filter takes, in words: "ada or ben", "not ada". */
export function describeTerms(filter: string): string {
  const { any, none } = readTerms(filter);
  const left = none.length > 0 ? t("not {values}", { values: anyOf(none) }) : "";
  return [anyOf(any), left].filter(Boolean).join(", ");
}

/** "ada or ben or cleo"; empty where there is nothing. */
export const anyOf = (values: readonly string[]): string =>
  values.length === 0 ? "" : values.reduce((some, value) => t("{some} or {value}", { some, value }));
