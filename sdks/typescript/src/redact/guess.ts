/** Whether a text is hard to guess, and so may be a credential rather than a name. */
import { ALPHANUMERIC, classesAt, DIGIT, HEXADECIMAL, isAt, LOWER, UPPER, utf8LengthOf } from "./ascii.js";

const MIN_SESSION = 20;
/** So many characters that no word or number explains carry more than 48 bits in every alphabet in use. */
export const MIN_UNEXPLAINED = 12;
const MAX_WORD = 19;
/** Longer runs of digits after a word are not counters; longer runs alone are not moments. */
const MAX_COUNTER = 10;
const MAX_MOMENT = 17;
const UUID = 36;
const UUID_HYPHENS = new Set([8, 13, 18, 23]);

const HASHED = /^hashed:[0-9a-f]{32}$/;
const WHITE_SPACE = /[\p{White_Space}]/u;
const JWT = /^eyJ[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*$/;

/**
 * Whether a session id could be a live credential: a JWT, or at least 20 characters that are hard to guess, in any
 * framework's form. Hyphenated UUIDs and the keyed hash that the server itself stores (`hashed:…`) are not.
 */
export function looksLikeCredential(text: string): boolean {
  if (HASHED.test(text) || WHITE_SPACE.test(text)) return false;
  return JWT.test(text) || hardToGuess(text, MIN_SESSION);
}

/** Whether a text of at least so many bytes has enough characters that neither words nor numbers explain. */
export function hardToGuess(text: string, least: number): boolean {
  return utf8LengthOf(text) >= least && unexplained(text) >= MIN_UNEXPLAINED;
}

/** The characters of the runs of letters and digits that are no word, number, word with a number, or UUID. */
export function unexplained(text: string, start = 0, end = text.length): number {
  let total = 0;
  let at = start;
  while (at < end) {
    if (!isAt(text, at, ALPHANUMERIC)) {
      at += 1;
    } else if (isUuid(text, at, end)) {
      at += UUID;
    } else {
      const run = new Run(text, at, end);
      at = run.end;
      if (!run.isExplained) total += run.end - run.start;
    }
  }
  return total;
}

/** A hyphenated UUID that no further letter or digit follows. */
function isUuid(text: string, start: number, end: number): boolean {
  // Nearly every other run ends here.
  if (end - start < UUID || text[start + 8] !== "-") return false;
  for (let place = 0; place < UUID; place += 1) {
    const at = start + place;
    if (!(UUID_HYPHENS.has(place) ? text[at] === "-" : isAt(text, at, HEXADECIMAL))) return false;
  }
  return end === start + UUID || !isAt(text, start + UUID, ALPHANUMERIC);
}

/** A run of letters and digits, read once. */
class Run {
  readonly start: number;
  readonly end: number;
  /** Whether it is a word, a number, or a word with a number after it. */
  readonly isExplained: boolean;

  constructor(text: string, start: number, end: number) {
    let [at, digits, humps, longest, word] = [start, 0, 0, 0, start];
    let isMixed = false;
    let before = 0;
    for (; at < end; at += 1) {
      const classes = classesAt(text, at);
      if ((classes & ALPHANUMERIC) === 0) break;
      if ((classes & DIGIT) !== 0) digits += 1;
      else if (digits > 0) isMixed = true;
      if ((classes & UPPER) !== 0 && (before & LOWER) !== 0) {
        humps += 1;
        longest = Math.max(longest, at - word);
        word = at;
      }
      before = classes;
    }
    const letters = at - start - digits;
    longest = Math.max(longest, at - digits - word);
    this.start = start;
    this.end = at;
    this.isExplained = !isMixed && isOrdinary(letters, digits, humps, longest);
  }
}

/** Random letters change between small and capital ones more often than words in camel case do. */
function isOrdinary(letters: number, digits: number, humps: number, longest: number): boolean {
  if (letters === 0) return digits <= MAX_MOMENT;
  const least = letters <= MAX_WORD ? 3 : 5;
  return digits <= MAX_COUNTER && longest <= MAX_WORD && humps * least <= letters;
}
