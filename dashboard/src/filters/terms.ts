/**
 * The grammar of a filter's value, in the API and in links alike. `a,b` means any of them, `!c` means not c, and a
 * backslash makes the next character literal.
 */

/** A value that a row has, as a filter that matches it and nothing else. */
export const literally = (value: string): string => value.replace(/[\\,]/g, "\\$&").replace(/^!/, "\\!");

/** What the filter takes, in words: "ada or ben", "not ada". */
export function describeTerms(filter: string): string {
  const any: string[] = [];
  const none: string[] = [];
  for (const [term] of filter.matchAll(/(?:\\.|[^\\,])+/gsu)) {
    const text = term.trim();
    const value = text.replace(/^!/, "").replace(/\\(.)/gsu, "$1");
    (text.startsWith("!") ? none : any).push(value);
  }
  return [any.join(" or "), none.length > 0 ? `not ${none.join(" or ")}` : ""].filter(Boolean).join(", ");
}
