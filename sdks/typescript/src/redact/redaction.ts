/**
 * Keeps secrets from leaving the application, by the same rules as the server: the values of keys that name one, and text
 * that looks like one. Of a text only the part that is secret is replaced.
 */
import { findCard, isCard } from "./card.js";
import { SecretKeys } from "./keys.js";
import { findBearer, findJwt, findPrivateKey, type Range } from "./token.js";

/** What stands in place of a secret. */
export const REDACTED = "[redacted]";

/** Most text has none of these, and is not looked at any closer. */
const MAY_HOLD_SECRET = /[0-9](?:[ -]?[0-9]){12}|eyJ|bearer|-----BEGIN /i;

export class Redaction {
  readonly #keys: SecretKeys | null;

  private constructor(keys: SecretKeys | null) {
    this.#keys = keys;
  }

  /** The standard rules, and further names of keys, in any case and with any separators. */
  static standard(extraKeys: Iterable<string> = []): Redaction {
    return new Redaction(new SecretKeys(extraKeys));
  }

  /** Redacts nothing. */
  static off(): Redaction {
    return new Redaction(null);
  }

  /** Whether the value of this key is a secret, whatever it is. */
  isSecretKey(key: string): boolean {
    return this.#keys?.has(key) ?? false;
  }

  isSecretNumber(number: number): boolean {
    return this.#keys !== null && isCard(number);
  }

  /** The text with every part that looks like a secret replaced. */
  text(text: string): string {
    if (this.#keys === null || !MAY_HOLD_SECRET.test(text)) return text;
    let result = "";
    let kept = 0;
    for (const [start, end] of secretsOf(text)) {
      result += text.slice(kept, start) + REDACTED;
      kept = end;
    }
    return result + text.slice(kept);
  }
}

/**
 * The secrets of a text from left to right. Every character is looked at a bounded number of times, however the text is
 * made: what is logged must not cost more than its size.
 */
function* secretsOf(text: string): Generator<Range> {
  const beginning = /[0-9]|eyJ|bearer|-----BEGIN /gi;
  let noJwtBefore = 0;
  for (let match = beginning.exec(text); match; match = beginning.exec(text)) {
    const at = match.index;
    const begins = match[0].charAt(0);
    let found: Range | number | null = null;
    if (match[0] === "-----BEGIN ") found = findPrivateKey(text, at);
    else if (begins === "b" || begins === "B") found = findBearer(text, at);
    else if (begins >= "0" && begins <= "9") found = findCard(text, at);
    else if (match[0] === "eyJ" && at >= noJwtBefore) {
      found = findJwt(text, at);
      if (typeof found === "number") {
        noJwtBefore = found;
        found = null;
      }
    }
    if (typeof found === "object" && found) yield found;
    beginning.lastIndex = typeof found === "number" ? found : (found?.[1] ?? at + 1);
  }
}
