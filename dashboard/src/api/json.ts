/**
 * JSON whose numbers keep all of their digits. Applications log 64-bit ids and exact amounts, and JavaScript's own
 * parser rounds them: 175928847299117063 becomes 175928847299117060.
 */
import { ExactNumber, writeJson } from "@livetrail/sdk/display/exact-number";
import { isSafeNumber, parse } from "lossless-json";

export { ExactNumber, writeJson };

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
