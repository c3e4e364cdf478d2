/**
 * Writes any JavaScript value as compact JSON in one pass: cleaned, redacted, and no deeper or larger than the server takes.
 * What JSON has no form for becomes text (dates, NaN, large integers, cycles) or is left out (functions, undefined).
 */
import { JSON_BYTES, JSON_DEPTH, LONGEST } from "../limits.js";
import { looksLikeCredential } from "../redact/guess.js";
import type { Named } from "../redact/keys.js";
import { REDACTED, type Redaction } from "../redact/redaction.js";
import { byteLength, clean, cutWithMark } from "../text.js";

/** The value has more than 64 KiB as JSON. */
export class TooLarge extends Error {}

const REDACTED_JSON = JSON.stringify(REDACTED);

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
    // Redaction shortens, but not that much, and should not search what is thrown away.
    if (text.length > 4 * JSON_BYTES) throw new TooLarge();
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
    const value = plainForm(given);
    if (typeof value !== "object" || value === null) return this.write(value, depth);
    if (depth >= JSON_DEPTH) return '"nested too deeply"';
    this.#open.push(given);
    const json = Array.isArray(value) ? this.#items(value, depth) : this.#fields(value, depth);
    this.#open.pop();
    return json;
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
    const written = new Map<string, string>();
    const ofName = this.#namedByValue(object);
    for (const given of Object.keys(object)) {
      this.#count(given.length);
      const key = clean(given);
      const json = this.#field(object, given, key, depth, isValueKey(key) ? ofName : null);
      if (json !== undefined) put(written, this.#redaction.key(key), json);
    }
    return `{${Array.from(written, ([key, json]) => `${JSON.stringify(key)}:${json}`).join(",")}}`;
  }

  /** How an object names a secret whose value it gives beside the name. */
  #namedByValue(object: object): Named | null {
    for (const key of Object.keys(object)) {
      if (!NAME_KEYS.has(key.toLowerCase())) continue;
      const name = read(object, key);
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
      return '"[unreadable]"';
    }
    if (this.#isDetails && depth === 1 && typeof value === "string" && SESSION_KEYS.has(key.toLowerCase())) {
      const id = clean(value);
      if (looksLikeCredential(id)) return JSON.stringify(id);
    }
    const secret = this.#redaction.isSecret(value, this.#redaction.named(key) ?? ofName);
    return secret && this.#isWritten(value) ? this.#blot() : this.write(value, depth + 1);
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

function read(object: object, key: string): unknown {
  try {
    return object[key as keyof object];
  } catch {
    return undefined;
  }
}

/** Keys that redaction makes equal get numbers, so that no field is lost. */
export function put(fields: Map<string, string>, key: string, json: string): void {
  let name = key;
  for (let number = 2; key.includes(REDACTED) && fields.has(name); number += 1) name = `${key} ${number}`;
  fields.set(name, json);
}

/** What an object is written as: something with the same meaning that JSON can write, or itself. */
function plainForm(object: object): unknown {
  try {
    if (object instanceof Date) return Number.isNaN(object.getTime()) ? "Invalid Date" : object.toISOString();
    if (object instanceof Error) return describe(object);
    if (object instanceof Map) return Object.fromEntries(object);
    if (object instanceof Set) return [...object];
    if (object instanceof RegExp) return String(object);
    if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer) return `[${object.byteLength} bytes]`;
    if ("toJSON" in object && typeof object.toJSON === "function") return object.toJSON();
  } catch {
    return "[unreadable]";
  }
  return object;
}

/** Without the stack, which is long and names files, and with what libraries add (`code`, `errno`), if it is small. */
function describe(error: Error): object {
  const { name, message, cause } = error;
  const added = Object.entries(error).filter(
    ([, value]) => typeof value !== "object" && typeof value !== "function",
  );
  const known = { name, message: cutWithMark(message, LONGEST.error_message) };
  return { ...Object.fromEntries(added), ...known, ...(cause === undefined ? {} : { cause }) };
}
