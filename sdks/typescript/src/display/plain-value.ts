/** Values of `details` and `changes` as text. */
import { isObject } from "./diff-values.js";
import { writeJson } from "./exact-number.js";

/** Text that reads as another kind of value, or as nothing, is quoted: a change from 1 to "1" must show. */
const NEEDS_QUOTES = /^$|^\s|\s$|^(?:true|false|null|[[{"].*|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$/s;

/** A value as a reader tells it apart from every other. */
export const plainValue = (value: unknown): string =>
  typeof value === "string" && !NEEDS_QUOTES.test(value) ? value : writeJson(value);

/** What a closed node holds: `{3}`, `[120]`; the number as it is written in the language. */
export function sizeText(value: unknown, size: number, locale = "en"): string {
  const count = size === 0 ? "" : size.toLocaleString(locale);
  return isObject(value) ? `{${count}}` : `[${count}]`;
}
