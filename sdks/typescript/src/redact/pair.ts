/**
 * Keys and values inside a text: JSON (also JSON in a string of JSON), forms, queries, headers, the notation of
 * programming languages.
 *
 * The search starts at a `:` or `=` and looks back for the key, a bounded number of characters, and forward for the
 * value. Prose uses colons too ("token: expired"), so a value without quotes behind a colon must look like a
 * credential.
 */
import { BACKSLASH, BLANK, endOfRun, HEXADECIMAL, IN_NAME, isAt, SPACE, startOfRun } from "./ascii.js";
import type { Named, SecretKeys } from "./keys.js";
import { type Range, run } from "./token.js";
import { endOfContainer, findBare, findQuoted, isCredentialLike, isNumber, isPlaceholder } from "./value.js";

/** What stands in place of a secret. */
export const REDACTED = "[redacted]";

const MAX_KEY = 64;
const MAX_BLANKS = 8;
const MAX_BACKSLASHES = 16;
/** So many characters of a value without quotes decide whether it is a secret. */
const MAX_DECIDING = 128;
const MIN_SIGNATURE = 16;
const SIGNATURES = new Set(["sig", "x-amz-signature", "x-goog-signature"]);
const CODES = new Set(["cvv", "cvc", "ssn"]);
const COOKIES = new Set(["cookie", "set-cookie"]);
const BRACKETS = ["]", "%5D", "%5d"];
const QUOTES = ['"', "'", "`", "%22"];

const COOKIE = /[!-<>-~]{1,64}=/y;
const UNQUOTED_LINE = /[^\n"']*/y;

/** `:`, `=`, `%3A` or `%3D`. */
interface Separator {
  start: number;
  end: number;
  isColon: boolean;
}

/** A key, and what is known before its value is looked at. */
interface Pair {
  name: string;
  start: number;
  /** Whether the key stands in quotes, as keys of JSON do. */
  quoted: boolean;
  isColon: boolean;
  encoded: boolean;
  /** Whether blanks stand before the value. */
  spaced: boolean;
}

/** The secret value of the key before the separator. Neither reaches back over `floor`. */
export function findPair(text: string, separator: Separator, floor: number, keys: SecretKeys): Range | null {
  const { start, end, isColon } = separator;
  if (isColon && (text[end] === ":" || text[start - 1] === ":")) return null;
  const pair = pairBefore(text, separator, floor, keys);
  if (!pair) return null;
  const named = keys.find(pair.name);
  if (named === null && !isSignature(pair)) return null;
  // `=>`, `==` and `:=` are separators, too.
  const doubled = !pair.encoded && (text[end] === "=" || (!isColon && text[end] === ">"));
  const from = doubled ? end + 1 : end;
  const value = endOfRun(text, from, BLANK, Math.min(text.length, from + MAX_BLANKS));
  pair.spaced = value > from;
  const found = named === null ? findSignature(text, pair, value) : findValue(text, pair, named, value);
  return found && found[0] < found[1] ? found : null;
}

/** The key that ends before, perhaps in quotes, brackets or percent-encoded quotes and brackets. */
function pairBefore(text: string, separator: Separator, floor: number, keys: SecretKeys): Pair | null {
  const { start: end, isColon } = separator;
  let at = without(text, startOfRun(text, end, floor, BLANK, MAX_BLANKS), floor, BRACKETS);
  const bare = without(text, at, floor, QUOTES);
  const quoted = bare < at;
  if (quoted) at = startOfRun(text, bare, floor, BACKSLASH, MAX_BACKSLASHES);
  // Most colons end here, those of times and addresses for instance.
  if (at === floor || !keys.mayEnd(text.charCodeAt(at - 1))) return null;
  let start = startOfRun(text, at, floor, quoted ? IN_NAME | SPACE : IN_NAME, MAX_KEY);
  // The digits of a percent-encoded character are no part of the key.
  const isBehindPercent = start > floor && text[start - 1] === "%" && at - start > 2;
  if (isBehindPercent && isAt(text, start, HEXADECIMAL) && isAt(text, start + 1, HEXADECIMAL)) start += 2;
  if (start === at) return null;
  const encoded = separator.end - end > 1;
  return { name: text.slice(start, at), start, quoted, isColon, encoded, spaced: false };
}

function findValue(text: string, pair: Pair, named: Named, start: number): Range | null {
  const quoted = findQuoted(text, start);
  if (quoted) return isQuotedSecret(text, pair, quoted.content) ? quoted.content : null;
  const begins = text[start] === "{" || text[start] === "[";
  if (pair.quoted && begins && !text.startsWith(REDACTED, start)) return [start, endOfContainer(text, start)];
  const isHeader = pair.isColon && !pair.quoted && COOKIES.has(pair.name.toLowerCase());
  if (isHeader && run(COOKIE, text, start) > start) return [start, run(UNQUOTED_LINE, text, start)];
  return isBareSecret(text, pair, named, start) ? findBare(text, start, pair.encoded) : null;
}

/** What stands in quotes is a secret if the key does too, or stands where keys stand. */
function isQuotedSecret(text: string, pair: Pair, [start, end]: Range): boolean {
  const value = text.slice(start, end);
  if (value === REDACTED) return false;
  return pair.quoted || !pair.isColon || beginsEntry(text, pair.start) || isCredentialLike(value);
}

function isBareSecret(text: string, pair: Pair, named: Named, at: number): boolean {
  const [start, end] = findBare(text, at, pair.encoded, MAX_DECIDING);
  const value = text.slice(start, end);
  const isRedacted = text.slice(start, end + 1).includes(REDACTED);
  if (value === "" || isPlaceholder(value) || isRedacted) return false;
  const number = isNumber(value);
  if (pair.quoted && number) return named === "whole";
  if (number && named === "ending" && (pair.isColon || value.length < 4)) return false;
  if (!(pair.isColon || pair.spaced || pair.quoted)) return true;
  const isCode = /^[0-9]/.test(value) && CODES.has(pair.name.toLowerCase());
  return isCode || isCredentialLike(value) || isLineOfDump(text, pair, end);
}

/** Whether key and value are one line of several, as in a configuration file. */
function isLineOfDump(text: string, pair: Pair, end: number): boolean {
  const start = startOfRun(text, pair.start, 0, BLANK, MAX_BLANKS);
  const begins = start === 0 || text[start - 1] === "\n";
  return begins && (text[end] === "\n" || (end === text.length && start > 0));
}

/** Whether keys stand where this one does: at the beginning of a line, or behind a bracket, comma or other sign. */
function beginsEntry(text: string, at: number): boolean {
  const start = startOfRun(text, at, 0, BLANK, MAX_BLANKS);
  return start === 0 || !(isAt(text, start - 1, IN_NAME) || text[start - 1] === ")");
}

/** Whether the name is a signature's in a query, which opens what the rest of the query names. */
function isSignature(pair: Pair): boolean {
  return !pair.isColon && !pair.quoted && SIGNATURES.has(pair.name.toLowerCase());
}

function findSignature(text: string, pair: Pair, at: number): Range | null {
  const [start, end] = findBare(text, at, pair.encoded);
  return end - start >= MIN_SIGNATURE ? [start, end] : null;
}

/** The end without the first of the endings that stands there. */
function without(text: string, end: number, floor: number, endings: readonly string[]): number {
  for (const ending of endings) {
    if (end - ending.length >= floor && text.endsWith(ending, end)) return end - ending.length;
  }
  return end;
}
