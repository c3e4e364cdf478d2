/** JSON web tokens, bearer tokens and private keys in running text, found at a place that may begin one. */

/** Where a secret stands: from the first index to before the second. */
export type Range = readonly [start: number, end: number];

/** What people write behind "Bearer" when they talk about it. */
const NO_TOKENS = new Set(["token", "tokens", "auth", "authentication", "authorization"]);

/** The shortest bearer token that is taken for one. */
const SHORTEST = 5;

/** Longer than words are. */
const NO_WORD = 20;

const BASE64URL = /[A-Za-z0-9_-]*/y;
const BEARER = /bearer(?:%20|[ \t:="']+)/iy;
const TOKEN68 = /[A-Za-z0-9._~+/=-]*/y;
const ALPHANUMERIC = /[A-Za-z0-9]/;
const HEADER_BEFORE = /authorization[ \t:="']*$/i;
const LOOKS_RANDOM = /[0-9_~+=]|[a-z][A-Z]/;
const BEGIN = "-----BEGIN ";
const DASHES = "-----";

/**
 * A JWT (RFC 7519) at a place that has `eyJ`, the start of every JSON object in base64url: header, payload, signature,
 * which an unsigned token leaves empty, or the five parts of an encrypted one. In web addresses an encoded character may
 * stand before it (`%22eyJ…`); what stands there goes with it.
 *
 * Otherwise the end of what would be the header: an `eyJ` before it makes no JWT either.
 */
export function findJwt(text: string, at: number): Range | number {
  const header = run(BASE64URL, text, at);
  if (text[header] !== ".") return header;
  const payload = run(BASE64URL, text, header + 1);
  if (text[payload] !== "." || header - at < 10 || payload - header < 4) return header;
  let end = run(BASE64URL, text, payload + 1);
  while (text[end] === "." && run(BASE64URL, text, end + 1) > end + 1) end = run(BASE64URL, text, end + 1);
  let start = at;
  while (start > 0 && ALPHANUMERIC.test(text.charAt(start - 1))) start -= 1;
  return [start, end];
}

/**
 * `Bearer` and its token (RFC 6750), together. Prose speaks of bearers as well, so what follows must look random, unless
 * it is all that the text or an `Authorization` header says.
 */
export function findBearer(text: string, at: number): Range | null {
  if (at > 0 && ALPHANUMERIC.test(text.charAt(at - 1))) return null;
  const start = run(BEARER, text, at);
  if (start === at) return null;
  let end = run(TOKEN68, text, start);
  // Full stops that end a sentence are no part of it.
  while (end > start && text[end - 1] === ".") end -= 1;
  const token = text.slice(start, end);
  if (token.length < SHORTEST || NO_TOKENS.has(token.toLowerCase())) return null;
  const random = token.length >= NO_WORD || LOOKS_RANDOM.test(token);
  return random || isHeader(text, at) || isAll(text, at, end) ? [at, end] : null;
}

/** A PEM private key (RFC 7468) of any kind, up to its end line or, if that is cut off, the end of the text. */
export function findPrivateKey(text: string, at: number): Range | null {
  const from = at + BEGIN.length;
  const label = text.slice(from, Math.max(from, text.indexOf(DASHES, from)));
  if (!label.includes("PRIVATE KEY")) return null;
  const endLine = `-----END ${label}-----`;
  const end = text.indexOf(endLine, at);
  return [at, end < 0 ? text.length : end + endLine.length];
}

function run(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Whether the name of the header stands before; what stands between has few characters, so not all is looked at. */
function isHeader(text: string, at: number): boolean {
  return HEADER_BEFORE.test(text.slice(Math.max(0, at - 64), at));
}

/** Whether the text says nothing else. */
function isAll(text: string, start: number, end: number): boolean {
  return /^[ \t\n\f\r]*$/.test(text.slice(0, start)) && /^[ \t\n\f\r]*$/.test(text.slice(end));
}
