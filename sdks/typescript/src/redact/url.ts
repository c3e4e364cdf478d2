/** Passwords of addresses, and one-time credentials in the paths of endpoints. */
import { DIGIT, endOfRun, utf8LengthOf } from "./ascii.js";
import { hardToGuess } from "./guess.js";
import { REDACTED } from "./pair.js";
import { type Range, run } from "./token.js";

const AUTHORITY = /[^ \t\n\r\f"'`<>\\/?#]*/y;
const END = /[ \t\n\r\f"'`<>\\]/;
const MAX_AUTHORITY = 512;
const MIN_PATH_SECRET = 16;
const BEFORE_SECRET = new Set([
  "reset",
  "token",
  "verify",
  "verification",
  "confirm",
  "confirmation",
  "activate",
  "activation",
  "invite",
  "magic",
  "password",
  "unsubscribe",
]);

/**
 * The password in `scheme://user:password@host` (RFC 3986, 3.2.1) around the colon at `colon`. `atSign` finds the next
 * `@` from a place on, or -1, for passwords with a `/`, `?` or `#`, which connection strings have by mistake.
 */
export function findPassword(text: string, colon: number, atSign: (from: number) => number): Range | null {
  const start = colon + 3;
  const end = run(AUTHORITY, text, start);
  const authority = text.slice(start, end);
  const user = start + authority.indexOf(":") + 1;
  if (user === start) return null;
  const last = authority.lastIndexOf("@");
  const at = last >= 0 ? start + last : beyond(text, colon, user, end, atSign);
  return user < at && text.slice(user, at) !== REDACTED ? [user, at] : null;
}

/** The `@` behind what looks like the end of the authority: not in web addresses, and not behind a port. */
function beyond(
  text: string,
  colon: number,
  user: number,
  end: number,
  atSign: (from: number) => number,
): number {
  const isWeb = text.endsWith("http", colon) || text.endsWith("https", colon);
  if (isWeb || endOfRun(text, user, DIGIT, end) === end) return -1;
  const at = atSign(end);
  const isNear = at - end <= MAX_AUTHORITY && utf8LengthOf(text, end, at) <= MAX_AUTHORITY;
  return at >= 0 && isNear && !END.test(text.slice(end, at)) ? at : -1;
}

/** The steps of a path that are one-time credentials: hard to guess, and behind a step that says what they are for. */
export function secretsOfPath(path: string): Range[] {
  const found: Range[] = [];
  let start = 0;
  let expected = false;
  for (const step of path.split("/")) {
    if (expected && hardToGuess(step, MIN_PATH_SECRET)) found.push([start, start + step.length]);
    expected = step.split(/[-_.]/).some((word) => BEFORE_SECRET.has(word.toLowerCase()));
    start += step.length + 1;
  }
  return found;
}
