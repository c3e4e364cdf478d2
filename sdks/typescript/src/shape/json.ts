/**
 * Writes any JavaScript value as compact JSON in one pass: cleaned, redacted, and no deeper or larger than the server
 * takes. What JSON has no form for becomes text (dates, NaN, large integers, cycles) or is left out (functions,
 * undefined).
 */
import { JSON_BYTES, JSON_DEPTH } from "../limits.js";
import { looksLikeCredential } from "../redact/guess.js";
import type { Named } from "../redact/keys.js";
import { REDACTED, type Redaction } from "../redact/redaction.js";
import { partOf } from "../runtime.js";
import { byteLength, clean } from "../text.js";
import { plainForm, UNREADABLE } from "./plain.js";
import { Fields } from "./written.js";

/** The value has more than 64 KiB as JSON. */
export class TooLarge extends Error {}

const REDACTED_JSON = JSON.stringify(REDACTED);
const UNREADABLE_JSON = JSON.stringify(UNREADABLE);

/** Redaction shortens, so a text beyond the limit may still fit. One of so many bytes is not even searched. */
const MAX_SEARCHED = 4 * JSON_BYTES;

const SESSION_KEYS = new Set(["session_id", "sessionid"]);
/** Under which the name and the value stand in lists of names and values: HAR files, headers, audit records. */
const NAME_KEYS = new Set(["name", "key", "field", "header", "k"]);
const VALUE_KEYS = new Set([
  "value",
  "v",
  "from",
  "to",
  "old",
  "new",
  "before",
  "after",
  "oldvalue",
  "newvalue",
]);

/** Writes a value as JSON. Throws [`TooLarge`] beyond the limit, without looking at the rest. */
export function writeJson(value: unknown, redaction: Redaction): string {
  return checked(new Writer(redaction).write(value, 1));
}

/** The same for details, whose session id, if it could be a credential, is left for the server to hash. */
export function writeDetails(value: unknown, redaction: Redaction): string {
  return checked(new Writer(redaction, true).write(value, 1));
}

function checked(written: string | undefined): string {
  const json = written ?? "null";
  if (json.length * 3 > JSON_BYTES && byteLength(json) > JSON_BYTES) throw new TooLarge();
  return json;
}

class Writer {
  readonly #redaction: Redaction;
  /** Characters so far, in texts and keys alone: fewer than the JSON has, so that nothing is given up too early. */
  #written = 0;
  /** The objects that the present one is inside of. */
  readonly #open: object[] = [];

  readonly #isDetails: boolean;

  constructor(redaction: Redaction, isDetails = false) {
    this.#redaction = redaction;
    this.#isDetails = isDetails;
  }

  /** The value as JSON; undefined where JSON leaves it out. `depth` is the level that it would be, from 1. */
  write(value: unknown, depth: number): string | undefined {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return this.#number(value);
      case "boolean":
        return String(value);
      case "bigint": {
        const number = Number(value);
        return Number.isSafeInteger(number) ? this.#number(number) : this.#text(String(value));
      }
      case "object":
        return value === null ? "null" : this.#object(value, depth);
      default:
        return undefined;
    }
  }

  #text(text: string): string {
    checkSearched(text);
    const clear = this.#redaction.text(clean(text));
    this.#count(clear.length);
    return JSON.stringify(clear);
  }

  #number(number: number): string {
    if (!Number.isFinite(number)) return JSON.stringify(String(number));
    return this.#redaction.isSecretNumber(number) ? REDACTED_JSON : JSON.stringify(number);
  }

  #object(given: object, depth: number): string | undefined {
    if (this.#open.includes(given)) return '"[circular]"';
    const value = plainForm(given, this.#redaction.keepsErrorMessages);
    if (typeof value !== "object" || value === null) return this.write(value, depth);
    if (depth >= JSON_DEPTH) return '"nested too deeply"';
    this.#open.push(given);
    try {
      return Array.isArray(value) ? this.#items(value, depth) : this.#fields(value, depth);
    } catch (error) {
      // A proxy may throw at any look.
      if (error instanceof TooLarge) throw error;
      return UNREADABLE_JSON;
    } finally {
      this.#open.pop();
    }
  }

  #items(items: readonly unknown[], depth: number): string {
    const written: string[] = [];
    const arePairs = depth + 1 < JSON_DEPTH && isPair(items[0]) && items.every(isPair);
    // Not `map`, which skips the holes of an array.
    for (const item of items) {
      this.#count(1);
      const json = arePairs ? this.#pair(item as [string, unknown], depth + 1) : this.write(item, depth + 1);
      written.push(json ?? "null");
    }
    return `[${written.join(",")}]`;
  }

  /** A name and its value. */
  #pair(pair: readonly [string, unknown], depth: number): string | undefined {
    const named = this.#redaction.named(clean(pair[0]));
    if (!this.#redaction.isSecret(pair[1], named)) return this.write(pair, depth);
    return `[${this.#text(pair[0])},${this.#blot()}]`;
  }

  #fields(object: object, depth: number): string {
    const written = new Fields();
    const ofName = this.#namedByValue(object);
    for (const given of Object.keys(object)) {
      checkSearched(given);
      const key = clean(given);
      const json = this.#field(object, given, key, depth, isValueKey(key) ? ofName : null);
      if (json === undefined) continue;
      const name = this.#redaction.key(key);
      this.#count(name.length);
      written.put(name, json);
    }
    return written.toJson();
  }

  /** How an object names a secret whose value it gives beside the name. */
  #namedByValue(object: object): Named | null {
    for (const key of Object.keys(object)) {
      if (!NAME_KEYS.has(key.toLowerCase())) continue;
      const name = partOf<unknown>(object, key);
      const named = typeof name === "string" ? this.#redaction.named(clean(name)) : null;
      if (named) return named;
    }
    return null;
  }

  #field(
    object: object,
    given: string,
    key: string,
    depth: number,
    ofName: Named | null,
  ): string | undefined {
    let value: unknown;
    try {
      value = object[given as keyof object];
    } catch {
      return UNREADABLE_JSON;
    }
    const named = this.#redaction.named(key) ?? ofName;
    if (this.#redaction.isSecret(value, named) && this.#isWritten(value)) return this.#blot();
    const id =
      this.#isDetails && depth === 1 && SESSION_KEYS.has(key.toLowerCase()) ? sessionId(value) : null;
    return id === null ? this.write(value, depth + 1) : JSON.stringify(id);
  }

  /** JSON leaves functions and symbols out, so that they are not even redacted. */
  #isWritten(value: unknown): boolean {
    return typeof value !== "function" && typeof value !== "symbol";
  }

  #blot(): string {
    this.#redaction.blot();
    return REDACTED_JSON;
  }

  #count(characters: number): void {
    this.#written += characters;
    if (this.#written > JSON_BYTES) throw new TooLarge();
  }
}

function isPair(item: unknown): boolean {
  return Array.isArray(item) && item.length === 2 && typeof item[0] === "string";
}

function isValueKey(key: string): boolean {
  return VALUE_KEYS.has(key.replaceAll("_", "").toLowerCase());
}

/** A session id that could be a credential. */
function sessionId(value: unknown): string | null {
  const id = typeof value === "string" ? clean(value) : "";
  return looksLikeCredential(id) ? id : null;
}

function checkSearched(text: string): void {
  const mayBeTooLong = text.length * 3 > MAX_SEARCHED;
  if (mayBeTooLong && byteLength(text) > MAX_SEARCHED) throw new TooLarge();
}
