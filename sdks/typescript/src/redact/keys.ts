/**
 * Names of keys whose values are secret.
 *
 * A key is compared by its letters and digits alone: `API-Key`, `apiKey` and `api_key` are one name. A key whose last
 * words are a secret's name (`new_password`, `userPassword`) holds one, too, and so does one that adds `key`, `value`,
 * `hash` or `text` to it (`secret_key`). `tokens_used` and `password_changed_at` do not.
 */

import { ALPHANUMERIC, DIGIT, isAt, LETTER, LOWER, startOfRun, UPPER } from "./ascii.js";
import { KEY_FORMS, KEY_LETTERS, SECRET_KEYS } from "./tables.js";

/** ASCII that is neither a letter nor a digit. */
const SEPARATORS = /[^A-Za-z0-9\u0080-\u{10ffff}]/gu;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;
/** Unicode's default ignorable code points and combining accents: what no reader sees in a name. */
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u3164\ufeff\uffa0]|[\u0300-\u036f]|[\u180b-\u180f]|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|[\ufe00-\ufe0f]|[\ufff0-\ufff8]|[\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{e0fff}]/gu;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const NOT_ASCII = /[^\0-\x7f]/;

/**
 * Most keys of objects whose answer is remembered, and the longest: applications use few, but may make keys of data.
 */
const MAX_REMEMBERED = 1_000;
const MAX_REMEMBERED_LENGTH = 64;

/** How a key names a secret: it is a name, so that numbers are secrets too, or its last words are one. */
export type Named = "whole" | "ending";

export class SecretKeys {
  readonly #names: ReadonlySet<string>;
  /** The last characters of names and forms. */
  readonly #endings: ReadonlySet<number>;
  /** The last three letters of each name and form. Most keys end with none of them and need no further comparison. */
  readonly #tails: ReadonlySet<number>;
  readonly #remembered = new Map<string, Named | null>();

  /** Of further names only whole keys count. */
  constructor(extra: Iterable<string>) {
    const names = [...SECRET_KEYS, ...Array.from(extra, (name) => plain(fold(name)))];
    // A name of separators alone would stand for every other such name, and for the empty one.
    this.#names = new Set(names.filter((name) => name !== ""));
    const known = [...this.#names, ...KEY_FORMS];
    const last = known.map((name) => name.slice(-1)).filter((c) => c >= "a" && c <= "z");
    const both = [...last, ...last.map((c) => c.toUpperCase())];
    // Those of signatures count too; the digits of `password2` as well.
    this.#endings = new Set([...both, ..."egEG0123456789"].map((c) => c.charCodeAt(0)));
    this.#tails = new Set(known.map((name) => tail(name)));
  }

  /** Of how many keys the answer is remembered. */
  get remembered(): number {
    return this.#remembered.size;
  }

  /** Whether and how the key of an object names a secret. */
  findRemembered(key: string): Named | null {
    if (key.length > MAX_REMEMBERED_LENGTH) return this.find(key);
    let answer = this.#remembered.get(key);
    if (answer === undefined) {
      answer = this.find(key);
      if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(key, answer);
    }
    return answer;
  }

  /** Whether and how a key names a secret. Nothing is remembered: the names in a text are what others send. */
  find(given: string): Named | null {
    const key = fold(given);
    if (NOT_ASCII.test(key)) return this.#names.has(plain(key)) ? "whole" : null;
    if (!this.#tails.has(tail(key))) return null;
    const words = new Words(key);
    if (words.isAll && this.#names.has(words.letters)) return "whole";
    return endsWithName(words) ? "ending" : null;
  }

  /** Whether a key of a text that ends with this character may name a secret. */
  mayEnd(last: number): boolean {
    return this.#endings.has(last);
  }
}

/** The letters and digits at the end of a key, in lower case, and where its words begin. */
class Words {
  readonly letters: string;
  /** Whether the key has no further ones. */
  readonly isAll: boolean;
  /** For each letter, counted from the last, whether it begins a word. */
  readonly #starts: boolean[] = [];

  constructor(key: string) {
    let letters = "";
    let at = key.length - 1;
    for (; at >= 0 && letters.length < KEY_LETTERS; at -= 1) {
      if (!isAt(key, at, ALPHANUMERIC)) continue;
      letters = key.charAt(at) + letters;
      this.#starts.push(beginsWord(key, at));
    }
    while (at >= 0 && !isAt(key, at, ALPHANUMERIC)) at -= 1;
    this.isAll = at < 0;
    this.letters = letters.toLowerCase();
  }

  /** Whether the letters up to `end` end with this name, as whole words. */
  endWith(end: number, name: string): boolean {
    const start = end - name.length;
    return this.letters.startsWith(name, start) && this.#starts[this.letters.length - 1 - start] === true;
  }
}

/** Whether a word begins here: behind a separator, or with a capital letter (`userPassword`, `APIKey`). */
function beginsWord(key: string, at: number): boolean {
  if (!isAt(key, at - 1, ALPHANUMERIC)) return true;
  return isAt(key, at, UPPER) && (!isAt(key, at - 1, UPPER) || isAt(key, at + 1, LOWER));
}

function endsWithName(words: Words): boolean {
  const end = startOfRun(words.letters, words.letters.length, 0, DIGIT);
  const isNameAt = (end: number) => SECRET_KEYS.some((name) => words.endWith(end, name));
  const form = KEY_FORMS.find((form) => words.endWith(end, form));
  return isNameAt(end) || (form !== undefined && isNameAt(end - form.length));
}

/** The last three letters of a key, without the digits behind them, as one number. */
function tail(key: string): number {
  let tail = 0;
  let count = 0;
  for (let at = key.length - 1; at >= 0 && count < 3; at -= 1) {
    const isDigit = isAt(key, at, DIGIT);
    const isLetter = isDigit || isAt(key, at, LETTER) || key.charCodeAt(at) > 127;
    if (!isLetter || (isDigit && count === 0)) continue;
    // The bit makes a small letter of a capital one, and leaves a digit as it is.
    tail = tail * 0x10000 + (isDigit ? key.charCodeAt(at) : key.charCodeAt(at) | 0x20);
    count += 1;
  }
  return tail;
}

/** Full-width letters become ASCII, as NFKC does, and what no reader sees goes. */
function fold(key: string): string {
  if (!NOT_ASCII.test(key)) return key;
  const narrow = (c: string) => String.fromCharCode(c.charCodeAt(0) - 0xfee0);
  return key.replace(INVISIBLE, "").replace(SPACES, " ").replace(FULL_WIDTH, narrow);
}

function plain(name: string): string {
  return Array.from(name.replace(SEPARATORS, ""), (c) => c.toLowerCase()).join("");
}
