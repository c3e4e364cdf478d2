/**
 * Writes any JavaScript value as compact JSON in one pass: cleaned, redacted, and no deeper or larger than the server takes.
 * What JSON has no form for becomes text (dates, NaN, large integers, cycles) or is left out (functions, undefined).
 */
import { JSON_BYTES, JSON_DEPTH, LONGEST } from "../limits.js";
import { REDACTED, type Redaction } from "../redact/redaction.js";
import { byteLength, clean, cutWithMark } from "../text.js";

/** The value has more than 64 KiB as JSON. */
export class TooLarge extends Error {}

const REDACTED_JSON = JSON.stringify(REDACTED);

/** Writes a value as JSON. Throws [`TooLarge`] beyond the limit, without looking at the rest. */
export function writeJson(value: unknown, redaction: Redaction): string {
  const json = new Writer(redaction).write(value, 1) ?? "null";
  if (json.length * 3 > JSON_BYTES && byteLength(json) > JSON_BYTES) throw new TooLarge();
  return json;
}

class Writer {
  readonly #redaction: Redaction;
  /** Characters so far, in texts and keys alone: fewer than the JSON has, so that nothing is given up too early. */
  #written = 0;
  /** The objects that the present one is inside of. */
  readonly #open: object[] = [];

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
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
    // Not `map`, which skips the holes of an array.
    for (const item of items) {
      this.#count(1);
      written.push(this.write(item, depth + 1) ?? "null");
    }
    return `[${written.join(",")}]`;
  }

  #fields(object: object, depth: number): string {
    const written: string[] = [];
    for (const key of Object.keys(object)) {
      this.#count(key.length);
      const json = this.#field(object, key, depth);
      if (json !== undefined) written.push(`${JSON.stringify(clean(key))}:${json}`);
    }
    return `{${written.join(",")}}`;
  }

  #field(object: object, key: string, depth: number): string | undefined {
    let value: unknown;
    try {
      value = object[key as keyof object];
    } catch {
      return '"[unreadable]"';
    }
    const secret = value !== null && value !== undefined && this.#redaction.isSecretKey(clean(key));
    return secret ? REDACTED_JSON : this.write(value, depth + 1);
  }

  #count(characters: number): void {
    this.#written += characters;
    if (this.#written > JSON_BYTES) throw new TooLarge();
  }
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
