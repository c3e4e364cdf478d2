/** JSON web tokens, private keys and the credentials of `Authorization` headers in running text. */
import { ALPHANUMERIC, endOfRun, startOfRun, WHITE_SPACE } from "./ascii.js";
import { hardToGuess, unexplained } from "./guess.js";
import type { SecretKind } from "./kinds.js";

/** Where a secret stands: from the first index to before the second. */
export type Range = readonly [start: number, end: number];

/** The schemes and how their credentials are counted. */
const SCHEMES: Record<string, SecretKind> = {
  bearer: "bearer",
  basic: "basic",
  token: "scheme",
  apikey: "scheme",
  negotiate: "scheme",
  ntlm: "scheme",
  dpop: "scheme",
};

/** What people write behind a scheme when they talk about it. */
const NO_TOKENS = new Set([
  "token",
  "tokens",
  "auth",
  "authentication",
  "authorization",
  "expired",
  "invalid",
  "missing",
  "required",
]);

const MIN_TOKEN = 5;
const MIN_BASIC = 8;
const MIN_STRONG = 16;
/** Longer than words are. */
const NO_WORD = 20;
const MIN_HEADER = 10;
const MIN_PAYLOAD = 4;
const MIN_SIGNATURE = 22;

const BASE64URL = /[A-Za-z0-9_-]*/y;
const SCHEME = /bearer|basic|token|apikey|negotiate|ntlm|dpop/iy;
const FIRST_OF_SCHEME = new Set("abdntABDNT");
const SIGNS = /%20|[ \t:="']+/y;
const BLANKS = /%20|[ \t]+/y;
const TOKEN68 = /[A-Za-z0-9._~+/=-]*/y;
const HEADER_BEFORE = /authorization[ \t:="']*$/i;
const LOOKS_RANDOM = /[0-9_~+=]|[a-z][A-Z]/;
const BEGIN = "-----BEGIN ";
const DASHES = "-----";
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Whether a JSON object in base64url may begin here: `{"`, perhaps with white space after the brace. */
export function beginsJwt(text: string, at: number): boolean {
  if (text[at] !== "e") return false;
  const third = text[at + 2];
  if (text[at + 1] === "y") return third === "J" || third === "A";
  return text[at + 1] === "w" && (third === "o" || third === "0" || third === "k");
}

/**
 * A JWT (RFC 7519) at a place that may begin one: header, payload, signature, which an unsigned token leaves empty, or
 * the five parts of an encrypted one. The payload and signature of a token whose header is cut off count too. What
 * stands before it without a border, from `floor` on, goes with it.
 *
 * Otherwise the end of what would be the header: a beginning before it makes no JWT either.
 */
export function findJwt(text: string, at: number, floor: number): Range | number {
  const header = run(BASE64URL, text, at);
  const least = text[at + 1] === "w" ? 2 * MIN_HEADER : MIN_HEADER;
  if (text[header] !== "." || header - at < least) return header;
  const end = endOfJwt(text, header);
  if (end === null) return header;
  return [startOfRun(text, at, floor, ALPHANUMERIC), end];
}

function endOfJwt(text: string, header: number): number | null {
  const payload = run(BASE64URL, text, header + 1);
  if (text[payload] !== ".") {
    const isSignature = payload - header > MIN_SIGNATURE;
    return isSignature && unexplained(text, header, payload) >= MIN_SIGNATURE / 2 ? payload : null;
  }
  let end = run(BASE64URL, text, payload + 1);
  if (payload - header < MIN_PAYLOAD && end - payload - 1 < MIN_SIGNATURE / 2) return null;
  while (text[end] === "." && run(BASE64URL, text, end + 1) > end + 1) end = run(BASE64URL, text, end + 1);
  return end;
}

/**
 * The name of a scheme and its credentials, together. Prose uses these words as well, so what follows must look like
 * credentials, unless an `Authorization` header says so or `Bearer …` is all that the text says.
 */
export function findScheme(text: string, at: number): { range: Range; kind: SecretKind } | null {
  if (!FIRST_OF_SCHEME.has(text.charAt(at))) return null;
  const name = run(SCHEME, text, at);
  const kind = SCHEMES[text.slice(at, name).toLowerCase()];
  if (kind === undefined) return null;
  const start = run(kind === "bearer" ? SIGNS : BLANKS, text, name);
  if (start === name) return null;
  let end = run(TOKEN68, text, start);
  // Full stops that end a sentence are no part of it.
  while (end > start && text[end - 1] === ".") end -= 1;
  const token = text.slice(start, end);
  if (token.length < MIN_TOKEN || NO_TOKENS.has(token.toLowerCase())) return null;
  const found = isHeader(text, at) || isCredential(text, at, token, end, kind);
  return found ? { range: [at, end], kind } : null;
}

function isCredential(text: string, at: number, token: string, end: number, kind: SecretKind): boolean {
  if (kind === "bearer") {
    return token.length >= NO_WORD || LOOKS_RANDOM.test(token) || isAll(text, at, end);
  }
  return kind === "basic" ? isUserAndPassword(token) : hardToGuess(token, MIN_STRONG);
}

/** `user:password` in base64 (RFC 7617): without control characters and with a colon. */
function isUserAndPassword(token: string): boolean {
  let bits = 0;
  let count = 0;
  let hasColon = false;
  for (const character of token.split("=", 1)[0] ?? "") {
    const value = BASE64.indexOf(character.replace("-", "+").replace("_", "/"));
    if (value < 0) return false;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const byte = (bits >> count) & 0xff;
    if (byte < 0x20 || byte === 0x7f) return false;
    hasColon ||= byte === 0x3a;
  }
  return token.length >= MIN_BASIC && hasColon;
}

/**
 * A private key of any kind in PEM (RFC 7468), OpenSSH's or OpenPGP's form, up to its end line or, if that is cut off,
 * the end of the text.
 */
export function findPrivateKey(text: string, at: number): Range | null {
  if (!text.startsWith(BEGIN, at)) return null;
  const from = at + BEGIN.length;
  const label = text.slice(from, Math.max(from, text.indexOf(DASHES, from)));
  if (!label.includes("PRIVATE KEY")) return null;
  const endLine = `-----END ${label}-----`;
  const end = text.indexOf(endLine, at);
  return [at, end < 0 ? text.length : end + endLine.length];
}

/** The end of what a sticky pattern matches at this place, or the place itself. */
export function run(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Whether the name of the header stands before; what stands between has few characters, so not all is looked at. */
function isHeader(text: string, at: number): boolean {
  return HEADER_BEFORE.test(text.slice(Math.max(0, at - 64), at));
}

/**
 * Whether the text says nothing else. What follows is looked at first: in a text of many schemes that ends the search
 * at once, while what stands before may be all blanks, however long.
 */
function isAll(text: string, start: number, end: number): boolean {
  return endOfRun(text, end, WHITE_SPACE) === text.length && endOfRun(text, 0, WHITE_SPACE, start) === start;
}
