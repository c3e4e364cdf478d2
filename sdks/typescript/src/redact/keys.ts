/** Names of keys whose values are secret, whatever they are, without separators and in lower case. */
const STANDARD = [
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
];

/** ASCII that is neither a letter nor a digit. */
const SEPARATORS = /[^A-Za-z0-9\u0080-\u{10ffff}]/gu;

/** Most keys whose answer is remembered: applications use few, but may make keys of data. */
const MOST_REMEMBERED = 1_000;

/** Names compared without case and separators: `API-Key`, `apiKey` and `api_key` are one. */
export class SecretKeys {
  readonly #names: ReadonlySet<string>;
  readonly #remembered = new Map<string, boolean>();

  constructor(extra: Iterable<string>) {
    const names = [...STANDARD, ...Array.from(extra, plain)];
    // A name of separators alone would stand for every other such name, and for the empty one.
    this.#names = new Set(names.filter((name) => name !== ""));
  }

  has(key: string): boolean {
    let answer = this.#remembered.get(key);
    if (answer === undefined) {
      answer = this.#names.has(plain(key));
      if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(key, answer);
    }
    return answer;
  }
}

function plain(name: string): string {
  return name.replace(SEPARATORS, "").toLowerCase();
}
