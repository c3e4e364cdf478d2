/** The values of keys inside a text: where they end, and whether they look like credentials. */
import { MIN_UNEXPLAINED, unexplained } from "./guess.js";
import { type Range, run } from "./token.js";

const OPENING = /(?:[bBruf](?=["']))?(\\{0,16})(["'`])/y;
/** At most so many at once, since the end of a long value is not always looked for. */
const PLAIN = /[^ \t\n\r\f&"'`<>\\,;)\]}%]{1,128}/y;
const PART = /[{}[\]"'\\]/g;
const ENCODED_END = /%(?:26|22|20|0[Aa]|0D)/y;
const ENTRY_END = /$|[ \t\n\r\f"'`<>\\,;)\]}]|[A-Za-z0-9_.-]{1,40}[=:]/y;
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
 * The value at `start`, if a quote begins it that may be escaped any number of times, or a percent-encoded one. It ends at
 * the quote that is escaped as often as the first, at the end of the line or of the text.
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
 * A value without quotes: up to a blank, a sign that cannot be in it, or one that ends an entry of a list; of a long value
 * `most` characters.
 */
export function findBare(
  text: string,
  start: number,
  encoded: boolean,
  most = Number.MAX_SAFE_INTEGER,
): Range {
  const last = Math.min(text.length, start + most);
  let end = start;
  while (end < last) {
    const plain = run(PLAIN, text, end);
    const character = text.charAt(end);
    if (plain > end) end = Math.min(plain, last);
    else if (character === "%" && !(encoded && matches(ENCODED_END, text, end))) end += 1;
    else if (",;)]}".includes(character) && !matches(ENTRY_END, text, end + 1)) end += 1;
    else break;
  }
  while (end > start && text[end - 1] === ".") end -= 1;
  return [start, end];
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
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
