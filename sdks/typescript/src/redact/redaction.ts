/**
 * Keeps secrets from leaving the application, by the same rules as the server: the values of keys that name one, and
 * text that looks like one. Of a text only the part that is secret is replaced.
 */
import { isCard } from "./card.js";
import { type Named, SecretKeys } from "./keys.js";
import type { Found, SecretKind } from "./kinds.js";
import { REDACTED } from "./pair.js";
import { findSecrets } from "./scan.js";
import { secretsOfPath } from "./url.js";

export { REDACTED };

/** A shorter key has no room for a secret. */
const MIN_SECRET_KEY = 12;

export class Redaction {
  readonly #keys: SecretKeys | null;
  readonly #counts = new Map<SecretKind, number>();
  /** Whether exceptions in `details` and `changes` keep their words. */
  readonly keepsErrorMessages: boolean;

  private constructor(keys: SecretKeys | null, keepsErrorMessages: boolean) {
    this.#keys = keys;
    this.keepsErrorMessages = keepsErrorMessages;
  }

  /** The standard rules, and further names of keys, in any case and with any separators. */
  static standard(extraKeys: Iterable<string> = [], keepsErrorMessages = false): Redaction {
    return new Redaction(new SecretKeys(extraKeys), keepsErrorMessages);
  }

  /** Redacts nothing. */
  static off(keepsErrorMessages = false): Redaction {
    return new Redaction(null, keepsErrorMessages);
  }

  /** How many secrets of which kind were replaced so far. */
  get counts(): Partial<Record<SecretKind, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** Whether and how this key of an object names a secret. */
  named(key: string): Named | null {
    return this.#keys?.findRemembered(key) ?? null;
  }

  /**
   * Whether a value under a key that names a secret in this way is one. Nothing and truths are not; a number is one
   * only where the whole name is a secret's.
   */
  isSecret(value: unknown, named: Named | null): boolean {
    if (named === null || value === null || value === undefined || typeof value === "boolean") return false;
    if (typeof value === "number" || typeof value === "bigint") return named === "whole";
    return value !== REDACTED;
  }

  /** What stands in place of a secret value, which is counted. */
  blot(): typeof REDACTED {
    this.#count("key");
    return REDACTED;
  }

  /** Whether a number is that of a payment card. Then it is counted, for it is about to be replaced. */
  isSecretNumber(number: number): boolean {
    const found = this.#keys !== null && isCard(number);
    if (found) this.#count("card");
    return found;
  }

  /** The key of an object with every part that looks like a secret replaced. */
  key(key: string): string {
    return key.length >= MIN_SECRET_KEY || /[^\0-\x7f]/.test(key) ? this.text(key) : key;
  }

  /** The text with every part that looks like a secret replaced. */
  text(text: string): string {
    return this.#keys === null ? text : this.#without(text, findSecrets(text, this.#keys));
  }

  /** The path of an endpoint without secrets and one-time credentials (`/reset/…`). */
  path(given: string): string {
    const path = this.text(given);
    if (this.#keys === null) return path;
    return this.#without(
      path,
      secretsOfPath(path).map(([start, end]) => ({ start, end, kind: "path" })),
    );
  }

  #without(text: string, secrets: readonly Found[]): string {
    let result = "";
    let kept = 0;
    for (const { start, end, kind } of secrets) {
      result += text.slice(kept, start) + REDACTED;
      kept = end;
      this.#count(kind);
    }
    return kept === 0 ? text : result + text.slice(kept);
  }

  #count(kind: SecretKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }
}
