/** Reads what an application gave for one field, as leniently as it can be meant, and gives what the server takes. */
import { COUNT, LOOKS_LIKE_MILLISECONDS, MAX_TEXT, SEARCHED_TEXT, SESSION_TOKEN } from "../limits.js";
import { looksLikeCredential } from "../redact/guess.js";
import type { Redaction } from "../redact/redaction.js";
import { clean, cut, cutWithMark } from "../text.js";
import { readAddress } from "./address.js";
import type { TEXT_FIELDS } from "./names.js";

type TextField = (typeof TEXT_FIELDS)[number];

/** The text for a field, or undefined where there is none. */
export function readText(name: TextField, given: unknown, redaction: Redaction): string | undefined {
  const text = clean(asText(given).slice(0, SEARCHED_TEXT));
  switch (name) {
    case "ip_address":
      // A header that came several times is one list.
      return readAddress(Array.isArray(given) ? clean(given.join()) : text) ?? undefined;
    case "endpoint":
      return cut(redaction.path(text.split(/[?#]/, 1)[0] ?? ""), MAX_TEXT.endpoint) || undefined;
    case "error_message":
      return cutWithMark(redaction.text(text), MAX_TEXT.error_message) || undefined;
    case "http_method":
      return cut(text.toUpperCase(), MAX_TEXT.http_method) || undefined;
    case "error_type":
      return cut(redaction.text(clean(nameOfError(given) ?? text)), MAX_TEXT.error_type) || undefined;
    case "delegate_type":
      return readDelegateType(text);
    case "session_id":
      // One that could be a credential goes as it is: the server makes a keyed hash of it.
      if (looksLikeCredential(text)) return cut(text, SESSION_TOKEN);
      return cut(redaction.text(text), MAX_TEXT.session_id) || undefined;
    case "action_type":
    case "tenant_id":
      // Identifiers, which a replacement would break: the server refuses one with a secret in it.
      return cut(text, MAX_TEXT[name]) || undefined;
    default:
      return cut(redaction.text(text), MAX_TEXT[name]) || undefined;
  }
}

/** Of an exception, or of its class. The words of an exception may be secret. */
function nameOfError(given: unknown): string | undefined {
  if (given instanceof Error || typeof given === "function") return given.name;
  return undefined;
}

const DELEGATE_TYPES: readonly string[] = ["user", "agent", "service"];

/** Another word than the server knows is left out. */
function readDelegateType(text: string): string | undefined {
  const kind = text.trim().toLowerCase();
  return DELEGATE_TYPES.includes(kind) ? kind : undefined;
}

/** Numbers, dates, errors and ids of libraries become text; of a list of header values the first counts. */
function asText(given: unknown): string {
  if (typeof given === "string") return given;
  if (Array.isArray(given)) return asText(given[0] ?? "");
  if (given instanceof Error) return asText(given.message || given.name);
  if (given instanceof Date) return Number.isNaN(given.getTime()) ? "" : given.toISOString();
  return typeof given === "symbol" || typeof given === "function" ? "" : String(given);
}

/** An id of the sender's own. */
export function readId(given: unknown): string | undefined {
  return asText(given ?? "").trim() || undefined;
}

/** A moment as the server reads it. Milliseconds, which JavaScript counts in, are understood. */
export function readMoment(given: unknown): string | number | undefined {
  if (given instanceof Date) return Number.isNaN(given.getTime()) ? undefined : given.toISOString();
  if (typeof given !== "number") return asText(given) || undefined;
  if (!Number.isFinite(given)) return undefined;
  if (Math.abs(given) < LOOKS_LIKE_MILLISECONDS) return given;
  return readMoment(new Date(given));
}

/** An HTTP status; anything else is left out rather than refused. */
export function readStatus(given: unknown): number | undefined {
  const status = Number(given);
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined;
}

/** A duration or count: a whole number that is not negative. */
export function readCount(given: unknown): number | undefined {
  const count = Math.round(Number(given));
  return Number.isNaN(count) ? undefined : Math.min(Math.max(count, 0), COUNT);
}

const TRUE = ["true", "t", "1", "yes", "y", "on"];
const FALSE = ["false", "f", "0", "no", "n", "off", ""];

/** JavaScript's truth, except that a text means what it says. One that says neither is none. */
export function readTruth(given: unknown): boolean | undefined {
  if (typeof given !== "string") return Boolean(given);
  const word = given.trim().toLowerCase();
  return TRUE.includes(word) ? true : FALSE.includes(word) ? false : undefined;
}
