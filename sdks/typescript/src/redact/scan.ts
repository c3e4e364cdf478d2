/** The pass over a text that finds its secrets. */
import { ALPHANUMERIC, DIGIT, isAt, LETTER } from "./ascii.js";
import { findCard } from "./card.js";
import { findAwsSecrets, findFormat, findPasswordHash, findTelegram, isAwsId } from "./formats.js";
import type { SecretKeys } from "./keys.js";
import type { Found, SecretKind } from "./kinds.js";
import { findPair } from "./pair.js";
import { beginsJwt, findJwt, findPrivateKey, findScheme, type Range } from "./token.js";
import { findPassword } from "./url.js";

const PUTTY = "PuTTY-User-Key-File-";

/**
 * The secrets of a text from left to right. Every character is looked at a bounded number of times, however the text is
 * made: what is logged must not cost more than its size.
 */
export function findSecrets(text: string, keys: SecretKeys): Found[] {
  const found = new Scan(text, keys).all();
  return found.some(({ start, end }) => isAwsId(text, start, end)) ? withAwsSecrets(text, found) : found;
}

class Scan {
  readonly #text: string;
  readonly #keys: SecretKeys;
  readonly #found: Found[] = [];
  /** The end of the last secret, over which none reaches back. */
  #floor = 0;
  #noJwtBefore = 0;
  /** The first `@` at or after the place that was last asked for, or -1. */
  #atSign = 0;
  /** The password of the address that is being looked at. The user before it may be a secret, too. */
  #password: Range | null = null;

  constructor(text: string, keys: SecretKeys) {
    this.#text = text;
    this.#keys = keys;
  }

  all(): Found[] {
    let at = 0;
    while (at < this.#text.length) at = this.#here(at);
    return this.#found;
  }

  #add([start, end]: Range, kind: SecretKind): number {
    this.#found.push({ start, end, kind });
    this.#floor = end;
    return end;
  }

  /** Adds the secret that is recognised here. Returns the place to go on from. */
  #here(at: number): number {
    const [text, password] = [this.#text, this.#password];
    if (password && password[0] <= at) {
      this.#password = null;
      if (at < password[1]) return this.#add([at, password[1]], "url_password");
    }
    if (isAt(text, at, LETTER)) return this.#word(at);
    if (isAt(text, at, DIGIT)) return this.#digits(at);
    switch (text[at]) {
      case ":":
        return this.#colon(at);
      case "=":
        return this.#pair(at, 1, false);
      case "%":
        return this.#encoded(at);
      case "-":
        return this.#addIf(findPrivateKey(text, at), "private_key") ?? at + 1;
      case "$":
        return this.#addIf(findPasswordHash(text, at), "known_format") ?? at + 1;
      default:
        return at + 1;
    }
  }

  #addIf(range: Range | null, kind: SecretKind): number | null {
    return range && this.#add(range, kind);
  }

  /** What begins with a word: a scheme or a well-known format; a JWT may begin inside. */
  #word(start: number): number {
    const text = this.#text;
    const found = isAt(text, start - 1, ALPHANUMERIC) ? null : this.#wordStart(start);
    if (found !== null) return found;
    let end = start;
    while (isAt(text, end, ALPHANUMERIC)) {
      if (end >= this.#noJwtBefore && beginsJwt(text, end)) {
        const jwt = findJwt(text, end, this.#floor);
        if (typeof jwt !== "number") return this.#add(jwt, "jwt");
        this.#noJwtBefore = jwt;
      }
      end += 1;
    }
    return end;
  }

  #wordStart(at: number): number | null {
    const text = this.#text;
    const format = findFormat(text, at);
    if (format) return this.#add(format, "known_format");
    if (text[at] === "P" && text.startsWith(PUTTY, at)) return this.#add([at, text.length], "private_key");
    const scheme = findScheme(text, at);
    return scheme && this.#add(scheme.range, scheme.kind);
  }

  #digits(at: number): number {
    const text = this.#text;
    const card = findCard(text, at);
    if (typeof card !== "number") return this.#add(card, "card");
    // The last group may be the first digit of a token of Google's, `1//0…`.
    const last = card - 1;
    const begins = text.startsWith("1//0", last) && !isAt(text, last - 1, DIGIT);
    return this.#addIf(begins ? findFormat(text, last) : null, "known_format") ?? card;
  }

  #colon(at: number): number {
    const text = this.#text;
    if (text.startsWith("://", at)) {
      this.#password = findPassword(text, at, (from) => this.#nextAtSign(from));
      return at + 1;
    }
    return this.#addIf(findTelegram(text, at, this.#floor), "known_format") ?? this.#pair(at, 1, true);
  }

  /** A percent-encoded colon or equals sign. */
  #encoded(at: number): number {
    if (this.#text[at + 1] !== "3") return at + 1;
    const digit = this.#text[at + 2];
    if (digit === "A" || digit === "a") return this.#pair(at, 3, true);
    return digit === "D" || digit === "d" ? this.#pair(at, 3, false) : at + 1;
  }

  #pair(start: number, length: number, isColon: boolean): number {
    const separator = { start, end: start + length, isColon };
    return this.#addIf(findPair(this.#text, separator, this.#floor, this.#keys), "key") ?? start + 1;
  }

  /** The text is searched once, however often this is asked. */
  #nextAtSign(from: number): number {
    if (this.#atSign >= 0 && (this.#atSign < from || this.#text[this.#atSign] !== "@")) {
      this.#atSign = this.#text.indexOf("@", from);
    }
    return this.#atSign;
  }
}

function withAwsSecrets(text: string, found: readonly Found[]): Found[] {
  const all: Found[] = [];
  let at = 0;
  const addBetween = (end: number) => {
    for (const [first, last] of findAwsSecrets(text, at, end)) {
      all.push({ start: first, end: last, kind: "known_format" });
    }
  };
  for (const secret of found) {
    addBetween(secret.start);
    all.push(secret);
    at = secret.end;
  }
  addBetween(text.length);
  return all;
}
