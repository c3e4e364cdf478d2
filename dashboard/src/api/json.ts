/**
 * JSON whose numbers keep all of their digits. Applications log 64-bit ids and exact amounts, and JavaScript's own
 * parser rounds them: 175928847299117063 becomes 175928847299117060.
 */
import { isSafeNumber, parse } from "lossless-json";

/** A number that JavaScript cannot hold, as it was written. It occurs only in `details` and `changes`. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Finds where digits may be lost: a number of 16 characters or more, or one with an exponent. A match inside of a
 * string costs time only. The browser's parser is four times as fast, so it reads all other texts.
 */
const AT_RISK = /(?:^|[:,[])\s*-?\d(?:[\d.]{15}|[\d.]*[eE])/;

const readNumber = (text: string) => (isSafeNumber(text) ? Number(text) : new ExactNumber(text));

/** Reads JSON. A number that would lose digits becomes an `ExactNumber`. Throws `SyntaxError` as `JSON.parse` does. */
export function readJson(text: string): unknown {
  if (!AT_RISK.test(text)) return JSON.parse(text);
  return parse(text, undefined, { parseNumber: readNumber, onDuplicateKey: ({ newValue }) => newValue });
}

/** Writes what `readJson` has read with every digit, indented by two spaces. */
export function writeJson(value: unknown, indent = ""): string {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const deeper = `${indent}  `;
  const [open, close, items] = Array.isArray(value)
    ? ["[", "]", value.map((item) => writeJson(item, deeper))]
    : [
        "{",
        "}",
        Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${writeJson(item, deeper)}`),
      ];
  if (items.length === 0) return open + close;
  return `${open}\n${deeper}${items.join(`,\n${deeper}`)}\n${indent}${close}`;
}
