/** The pass over a text that finds its secrets. Most texts have none, and one search says so. */
import { findCard } from "./card.js";
import { findAwsSecrets, findFormat, findPasswordHash, findTelegram, isAwsId, PREFIX } from "./formats.js";
import type { SecretKeys } from "./keys.js";
import type { Found, SecretKind } from "./kinds.js";
import { findPair } from "./pair.js";
import { findJwt, findPrivateKey, findScheme, type Range } from "./token.js";
import { findPassword } from "./url.js";

const letters = (word: string) => word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
const SCHEMES = ["bearer", "basic", "token", "apikey", "negotiate", "ntlm", "dpop"].map(letters).join("|");
const CANDIDATE = [
  "(?<digits>[0-9](?:[ -]?[0-9]){12})",
  "(?<jwt>e(?:y[JA]|w[o0k]))",
  "(?<pair>[:=]|%3[AaDd])",
  "(?<pem>-----BEGIN )",
  "(?<hash>\\$[2a])",
  `(?<![A-Za-z0-9])(?:(?<format>${PREFIX})|(?<scheme>${SCHEMES})|(?<putty>PuTTY-User-Key-File-))`,
].join("|");

/** Most text has none of these, and is not looked at any closer. */
const ANY_CANDIDATE = new RegExp(CANDIDATE);

/**
 * The secrets of a text from left to right. Every character is looked at a bounded number of times, however the text is
 * made: what is logged must not cost more than its size.
 */
export function findSecrets(text: string, keys: SecretKeys): Found[] {
  if (!ANY_CANDIDATE.test(text)) return [];
  const found = new Scan(text, keys).all();
  const hasAwsId = found.some(
    ({ start, end, kind }) => kind === "known_format" && isAwsId(text.slice(start, end)),
  );
  return hasAwsId ? withAwsSecrets(text, found) : found;
}

class Scan {
  readonly #text: string;
  readonly #keys: SecretKeys;
  readonly #candidate = new RegExp(CANDIDATE, "g");
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
    for (;;) {
      this.#candidate.lastIndex = at;
      const match = this.#candidate.exec(this.#text);
      const password: Range | null = this.#password;
      if (password && (!match || password[0] <= match.index)) {
        this.#password = null;
        if (at < password[1]) at = this.#add(Math.max(at, password[0]), password[1], "url_password");
        continue;
      }
      if (!match) return this.#found;
      at = this.#look(match);
    }
  }

  #add(start: number, end: number, kind: SecretKind): number {
    this.#found.push({ start, end, kind });
    this.#floor = end;
    return end;
  }

  /** Adds the secret that is recognised here. Returns the place to go on from. */
  #look(match: RegExpExecArray): number {
    const [text, at, groups] = [this.#text, match.index, match.groups ?? {}];
    if (groups.digits !== undefined) {
      const card = findCard(text, at);
      return typeof card === "number" ? card : this.#add(card[0], card[1], "card");
    }
    if (groups.scheme !== undefined) {
      const found = findScheme(text, at);
      return found ? this.#add(found.range[0], found.range[1], found.kind) : at + 1;
    }
    const found = this.#rangeAt(at, at + match[0].length, groups);
    return found ? this.#add(found[0][0], found[0][1], found[1]) : at + 1;
  }

  #rangeAt(
    at: number,
    end: number,
    groups: Record<string, string | undefined>,
  ): readonly [Range, SecretKind] | null {
    const text = this.#text;
    const as = (range: Range | null, kind: SecretKind) => range && ([range, kind] as const);
    if (groups.jwt !== undefined) return as(this.#jwt(at), "jwt");
    if (groups.pair !== undefined) return this.#pair(at, end);
    if (groups.pem !== undefined) return as(findPrivateKey(text, at), "private_key");
    if (groups.hash !== undefined) return as(findPasswordHash(text, at), "known_format");
    if (groups.format !== undefined) return as(findFormat(text, at), "known_format");
    return as([at, text.length], "private_key");
  }

  #jwt(at: number): Range | null {
    if (at < this.#noJwtBefore) return null;
    const found = findJwt(this.#text, at, this.#floor);
    if (typeof found !== "number") return found;
    this.#noJwtBefore = found;
    return null;
  }

  #pair(at: number, end: number): readonly [Range, SecretKind] | null {
    if (this.#text.startsWith("://", at)) {
      this.#password = findPassword(this.#text, at, (from) => this.#nextAtSign(from));
      return null;
    }
    const bot = this.#text[at] === ":" ? findTelegram(this.#text, at, this.#floor) : null;
    if (bot) return [bot, "known_format"];
    const value = findPair(this.#text, at, end, this.#floor, this.#keys);
    return value && [value, "key"];
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
  const starts = [0, ...found.map(({ end }) => end)];
  const ends = [...found.map(({ start }) => start), text.length];
  const beside = starts.flatMap((start, index) => findAwsSecrets(text, start, ends[index] ?? start));
  const secrets = beside.map(([start, end]): Found => ({ start, end, kind: "known_format" }));
  return [...found, ...secrets].sort((a, b) => a.start - b.start);
}
