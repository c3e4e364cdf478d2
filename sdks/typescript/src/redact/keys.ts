/**
 * Names of keys whose values are secret.
 *
 * A key is compared by its letters and digits alone: `API-Key`, `apiKey` and `api_key` are one name. A key whose last words
 * are a secret's name (`new_password`, `userPassword`) holds one, too, and so does one that adds `key`, `value`, `hash` or
 * `text` to it (`secret_key`). `tokens_used` and `password_changed_at` do not.
 */

/** Without separators and in lower case. */
const STANDARD = new Set([
  "password",
  "passwd",
  "pwd",
  "token",
  "accesstoken",
  "refreshtoken",
  "idtoken",
  "secret",
  "clientsecret",
  "authorization",
  "cookie",
  "setcookie",
  "apikey",
  "privatekey",
  "creditcard",
  "cardnumber",
  "cvv",
  "ssn",
  "cvc",
  "passphrase",
  "pgpassword",
  "secretaccesskey",
  "accountkey",
  "sharedaccesskey",
  "jsessionid",
  "phpsessid",
  "connectsid",
  "aspnetsessionid",
  "livetrailsession",
]);
const FORMS = new Set(["key", "value", "hash", "text"]);
/** Only so many letters and digits at the end of a key are looked at; no name is longer. */
const MAX_LETTERS = 64;

/** ASCII that is neither a letter nor a digit. */
const SEPARATORS = /[^A-Za-z0-9\u0080-\u{10ffff}]/gu;
const SPACE = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;
/** Unicode's default ignorable code points and combining accents: what no reader sees in a name. */
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u3164\ufeff\uffa0]|[\u0300-\u036f]|[\u180b-\u180f]|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|[\ufe00-\ufe0f]|[\ufff0-\ufff8]|[\u{1d173}-\u{1d17a}]|[\u{e0000}-\u{e0fff}]/gu;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const NOT_ASCII = /[^\0-\x7f]/;

/** Most keys whose answer is remembered: applications use few, but may make keys of data. */
const MOST_REMEMBERED = 1_000;

/** How a key names a secret: it is a name, so that numbers are secrets too, or its last words are one. */
export type Named = "whole" | "ending";

export class SecretKeys {
  readonly #names: ReadonlySet<string>;
  readonly #endings: ReadonlySet<string>;
  readonly #remembered = new Map<string, Named | null>();

  /** Of further names only whole keys count. */
  constructor(extra: Iterable<string>) {
    const names = [...STANDARD, ...Array.from(extra, (name) => plain(fold(name)))];
    // A name of separators alone would stand for every other such name, and for the empty one.
    this.#names = new Set(names.filter((name) => name !== ""));
    const last = [...this.#names, ...FORMS].map((name) => name.slice(-1)).filter((c) => c >= "a" && c <= "z");
    // Those of signatures count too; the digits of `password2` as well.
    this.#endings = new Set([...last, ..."eg0123456789"]);
  }

  /** Whether and how the key names a secret. */
  find(key: string): Named | null {
    let answer = this.#remembered.get(key);
    if (answer === undefined) {
      answer = this.#find(fold(key));
      if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(key, answer);
    }
    return answer;
  }

  /** Whether a key of a text that ends with this character may name a secret. */
  mayEnd(last: string): boolean {
    return this.#endings.has(last) || this.#endings.has(last.toLowerCase());
  }

  #find(key: string): Named | null {
    if (this.#names.has(plain(key))) return "whole";
    return !NOT_ASCII.test(key) && endsWithName(key) ? "ending" : null;
  }
}

function endsWithName(key: string): boolean {
  const words = wordsOf(key.slice(-8 * MAX_LETTERS));
  while (words.length > 0) {
    const last = (words.pop() ?? "").replace(/[0-9]+$/, "");
    if (last !== "") {
      words.push(last);
      break;
    }
  }
  return isNameAtEnd(words) || (FORMS.has(words.at(-1) ?? "") && isNameAtEnd(words.slice(0, -1)));
}

function wordsOf(key: string): string[] {
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return spaced
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

function isNameAtEnd(words: readonly string[]): boolean {
  let last = "";
  for (let at = words.length - 1; at >= 0 && last.length <= MAX_LETTERS; at -= 1) {
    last = words[at] + last;
    if (STANDARD.has(last)) return true;
  }
  return false;
}

/** Full-width letters become ASCII, as NFKC does, and what no reader sees goes. */
function fold(key: string): string {
  if (!NOT_ASCII.test(key)) return key;
  const narrow = (c: string) => String.fromCharCode(c.charCodeAt(0) - 0xfee0);
  return key.replace(INVISIBLE, "").replace(SPACE, " ").replace(FULL_WIDTH, narrow);
}

function plain(name: string): string {
  return Array.from(name.replace(SEPARATORS, ""), (c) => c.toLowerCase()).join("");
}
