/**
 * Keys and values inside a text: JSON (also JSON in a string of JSON), forms, queries, headers, the notation of programming
 * languages.
 *
 * The search starts at a `:` or `=` and looks back for the key, a bounded number of characters, and forward for the value.
 * Prose uses colons too ("token: expired"), so a value without quotes behind a colon must look like a credential.
 */
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

const BLANK = /[ \t]/;
const BACKSLASH = /\\/;
const IN_KEY = /[A-Za-z0-9_.-]/;
const IN_QUOTED_KEY = /[A-Za-z0-9_. -]/;
const HEXADECIMAL = /^[0-9A-Fa-f]{2}/;
const BLANKS = /[ \t]{0,8}/y;
const COOKIE = /[!-<>-~]{1,64}=/y;
const UNQUOTED_LINE = /[^\n"']*/y;
const IN_ENTRY = /[A-Za-z0-9_.)-]/;

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

/** The secret value of the key before the separator that stands here. Neither reaches back over `floor`. */
export function findPair(
  text: string,
  start: number,
  end: number,
  floor: number,
  keys: SecretKeys,
): Range | null {
  const separator = text.slice(start, end);
  const isColon = separator === ":" || separator.toUpperCase() === "%3A";
  if (isColon && (text[end] === ":" || text[start - 1] === ":")) return null;
  const key = keyBefore(text, start, floor, keys);
  if (!key) return null;
  const encoded = separator.length > 1;
  // `=>`, `==` and `:=` are separators, too.
  const doubled = !encoded && (text[end] === "=" || (!isColon && text[end] === ">"));
  const from = doubled ? end + 1 : end;
  const value = run(BLANKS, text, from);
  const pair = { ...key, isColon, encoded, spaced: value > from };
  const named = keys.find(pair.name);
  const found = named === null ? findSignature(text, pair, value) : findValue(text, pair, named, value);
  return found && found[0] < found[1] ? found : null;
}

/** The key that ends before, perhaps in quotes, brackets or percent-encoded quotes and brackets. */
function keyBefore(text: string, end: number, floor: number, keys: SecretKeys) {
  let at = without(text, back(text, end, floor, MAX_BLANKS, BLANK), floor, BRACKETS);
  const bare = without(text, at, floor, QUOTES);
  const quoted = bare < at;
  if (quoted) at = back(text, bare, floor, MAX_BACKSLASHES, BACKSLASH);
  // Most colons end here, those of times and addresses for instance.
  if (at === floor || !keys.mayEnd(text.charAt(at - 1))) return null;
  let start = back(text, at, floor, MAX_KEY, quoted ? IN_QUOTED_KEY : IN_KEY);
  // The digits of a percent-encoded character are no part of the key.
  const encoded = start > floor && text[start - 1] === "%" && at - start > 2;
  if (encoded && HEXADECIMAL.test(text.slice(start, start + 2))) start += 2;
  return start < at ? { name: text.slice(start, at), start, quoted } : null;
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
  const start = back(text, pair.start, 0, MAX_BLANKS, BLANK);
  const begins = start === 0 || text[start - 1] === "\n";
  return begins && (text[end] === "\n" || (end === text.length && start > 0));
}

/** Whether keys stand where this one does: at the beginning of a line, or behind a bracket, comma or other sign. */
function beginsEntry(text: string, at: number): boolean {
  const start = back(text, at, 0, MAX_BLANKS, BLANK);
  return start === 0 || !IN_ENTRY.test(text.charAt(start - 1));
}

/** The value of a signature in a query, which opens what the rest of the query names. */
function findSignature(text: string, pair: Pair, at: number): Range | null {
  if (pair.isColon || pair.quoted || !SIGNATURES.has(pair.name.toLowerCase())) return null;
  const [start, end] = findBare(text, at, pair.encoded);
  return end - start >= MIN_SIGNATURE ? [start, end] : null;
}

/** The start of the run of at most `most` such characters before `end`. */
function back(text: string, end: number, floor: number, most: number, of: RegExp): number {
  let at = end;
  while (at > floor && end - at < most && of.test(text.charAt(at - 1))) at -= 1;
  return at;
}

/** The end without the first of the endings that stands there. */
function without(text: string, end: number, floor: number, endings: readonly string[]): number {
  const ending = endings.find((ending) => end - ending.length >= floor && text.endsWith(ending, end));
  return end - (ending?.length ?? 0);
}
