/** The values of keys inside a text: where they end, and whether they look like credentials. */
import { END, ENTRY_END, endOfRun, IN_NAME, isAt, PERCENT, utf8Length } from "./ascii.js";
import { MIN_UNEXPLAINED, unexplained } from "./guess.js";
import type { Range } from "./token.js";

const OPENING = /(?:[bBruf](?=["']))?(\\{0,16})(["'`])/y;
const PART = /[{}[\]"'\\]/g;
const ENCODED_END = /%(?:26|22|20|0[Aa]|0D)/y;
/** The longest name behind a comma or semicolon that shows that a list goes on. */
const MAX_NAME = 40;
const PLACEHOLDER =
  /^(?:(?:null|none|nil|undefined|true|false|\?|%s|\$[0-9]*|:[A-Za-z_]*|\**)$|\{|\$\{|%[({])/i;
const NUMBER = /^-?[0-9.]+$/;
const ADDRESS = /^https?:\/\//;
const MIN_CREDENTIAL = 5;

/** What stands between quotes, and the place behind the closing one. */
export interface Quoted {
  content: Range;
  end: number;
}

/**
 * The value at `start`, if a quote begins it that may be escaped any number of times, or a percent-encoded one. It ends
 * at the quote that is escaped as often as the first, at the end of the line or of the text.
 */
export function findQuoted(text: string, start: number): Quoted | null {
  if (text.startsWith("%22", start)) {
    const found = text.indexOf("%22", start + 3);
    const end = found < 0 ? text.length : found;
    return { content: [start + 3, end], end: Math.min(end + 3, text.length) };
  }
  OPENING.lastIndex = start;
  const opening = OPENING.exec(text);
  if (!opening) return null;
  const escapes = (opening[1] ?? "").length;
  const content = OPENING.lastIndex;
  let backslashes = 0;
  for (let at = content; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\n") return { content: [content, at], end: at + 1 };
    // Of each level of JSON, an escaped quote has twice the backslashes of its level, and one.
    const closes = backslashes < escapes || backslashes % (2 * (escapes + 1)) === escapes;
    if (character === opening[2] && closes) {
      return { content: [content, at - Math.min(backslashes, escapes)], end: at + 1 };
    }
    backslashes = character === "\\" ? backslashes + 1 : 0;
  }
  return { content: [content, text.length], end: text.length };
}

/** The end of the object or array that begins here: its closing bracket or, if that is cut off, the end of the text. */
export function endOfContainer(text: string, start: number): number {
  let depth = 0;
  PART.lastIndex = start;
  for (let part = PART.exec(text); part; part = PART.exec(text)) {
    if (part[0] === "{" || part[0] === "[") depth += 1;
    else if (part[0] === "}" || part[0] === "]") {
      depth -= 1;
      if (depth === 0) return PART.lastIndex;
    } else {
      const at = PART.lastIndex;
      PART.lastIndex = findQuoted(text, at - 1)?.end ?? at;
    }
  }
  return text.length;
}

/**
 * A value without quotes: up to a blank, a sign that cannot be in it, or one that ends an entry of a list; of a long
 * value `most` bytes.
 */
export function findBare(
  text: string,
  start: number,
  encoded: boolean,
  most = Number.MAX_SAFE_INTEGER,
): Range {
  let end = start;
  let bytes = 0;
  while (end < text.length) {
    if (isAt(text, end, END | ENTRY_END | PERCENT) && endsValue(text, end, encoded)) break;
    const code = text.charCodeAt(end);
    bytes += utf8Length(code);
    if (bytes > most) break;
    end += code >= 0xd800 && code < 0xdc00 ? 2 : 1;
  }
  while (end > start && text[end - 1] === ".") end -= 1;
  return [start, end];
}

function endsValue(text: string, at: number, encoded: boolean): boolean {
  if (isAt(text, at, END)) return true;
  if (isAt(text, at, ENTRY_END)) return endsEntry(text, at + 1);
  ENCODED_END.lastIndex = at;
  return encoded && ENCODED_END.test(text);
}

/** Whether what follows a comma, semicolon or bracket shows that the value ended there. */
function endsEntry(text: string, at: number): boolean {
  if (at === text.length || isAt(text, at, END | ENTRY_END)) return text[at] !== "&";
  const name = endOfRun(text, at, IN_NAME, Math.min(text.length, at + MAX_NAME));
  return name > at && (text[name] === "=" || text[name] === ":");
}

/** Whether it stands for a value: nothing, a truth, a parameter of a statement or template, asterisks. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value);
}

export function isNumber(value: string): boolean {
  return NUMBER.test(value);
}

/** Whether a value in running text is a credential rather than a word. An address is not one. */
export function isCredentialLike(value: string): boolean {
  if (ADDRESS.test(value)) return false;
  if (value.length >= MIN_CREDENTIAL && /^[\0-\x7f]*$/.test(value)) {
    const hasLetter = /[A-Za-z]/.test(value);
    if (hasLetter ? /[0-9!@#$%^*+=~]/.test(value) : /^[0-9]+$/.test(value)) return true;
  }
  return unexplained(value) >= MIN_UNEXPLAINED;
}
