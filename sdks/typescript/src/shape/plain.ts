/**
 * Objects of the platform as data. As objects their names say which of their values are secret; as `{}` or as text,
 * they would not. Each is known by its tag, since other realms and libraries have classes of their own for the same.
 */
import { handled } from "../callback.js";
import { MAX_TEXT } from "../limits.js";
import { cutWithMark } from "../text.js";

/** What stands for a value that throws when it is read. */
export const UNREADABLE = "[unreadable]";

/** What an object is written as: something with the same meaning that JSON can write, or itself. */
export function plainForm(object: object, keepsErrorMessages: boolean): unknown {
  try {
    const form = FORMS.get(tagOf(object));
    if (form) return form(object as never);
    if (isError(object)) return ofError(object, keepsErrorMessages);
    if (ArrayBuffer.isView(object)) return ofBytes(object);
    if (isRequest(object)) return ofRequest(object);
    if (isResponse(object)) return ofResponse(object);
    if (areCookies(object)) return { cookie: String(object) };
    if ("toJSON" in object && typeof object.toJSON === "function") return handled(object.toJSON());
  } catch {
    return UNREADABLE;
  }
  return object;
}

/** Of `[object Map]` it is `Map`. */
function tagOf(object: object): string {
  return Object.prototype.toString.call(object).slice(8, -1);
}

type Entries = Iterable<[string, unknown]>;

const FORMS = new Map<string, (object: never) => unknown>([
  ["Date", (date: Date) => (Number.isNaN(date.getTime()) ? "Invalid Date" : date.toISOString())],
  ["Map", (map: Map<unknown, unknown>) => ofEntries([...map].map(([key, value]) => [keyOf(key), value]))],
  ["Set", (set: Set<unknown>) => [...set]],
  ["RegExp", (pattern: RegExp) => String(pattern)],
  ["URLSearchParams", (parameters: URLSearchParams) => ofEntries(parameters as Entries)],
  ["Headers", (headers: Headers) => ofEntries(headers as Entries)],
  ["FormData", (form: FormData) => ofEntries(form as unknown as Entries)],
  ["File", ({ name, type, size }: File) => ({ name, type, size })],
  ["Blob", ({ type, size }: Blob) => ({ type, size })],
  ["String", String],
  ["Number", Number],
  ["Boolean", (truth: boolean) => truth.valueOf()],
  ["ArrayBuffer", ofBytes],
  ["SharedArrayBuffer", ofBytes],
]);

/** A key that occurs again makes a list. */
function ofEntries(entries: Entries): object {
  const grouped = new Map<string, unknown[]>();
  for (const [key, value] of entries) {
    const values = grouped.get(key);
    if (values) values.push(value);
    else grouped.set(key, [value]);
  }
  return Object.fromEntries(
    Array.from(grouped, ([key, values]) => [key, values.length > 1 ? values : values[0]]),
  );
}

/** Two keys that are objects are two keys. */
function keyOf(key: unknown): string {
  return typeof key === "object" && key !== null ? (JSON.stringify(key) ?? "") : String(key);
}

function ofBytes(bytes: { byteLength: number }): string {
  return `[${bytes.byteLength} bytes]`;
}

/** A request of node:http, and so of Express. Beside what it says it holds its server, and its headers once more as a list. */
interface NodeRequest {
  method?: unknown;
  url?: unknown;
  originalUrl?: unknown;
  statusCode?: unknown;
  headers: unknown;
  rawHeaders: unknown;
}

function isRequest(object: object): object is NodeRequest {
  return "rawHeaders" in object && "headers" in object && "socket" in object;
}

function ofRequest({ method, url, originalUrl, statusCode, headers }: NodeRequest): object {
  return { method, url: originalUrl ?? url, statusCode, headers };
}

interface NodeResponse {
  statusCode: unknown;
  getHeaders: () => unknown;
}

function isResponse(object: object): object is NodeResponse {
  return "statusCode" in object && "getHeaders" in object && typeof object.getHeaders === "function";
}

function ofResponse(response: NodeResponse): object {
  return { statusCode: response.statusCode, headers: response.getHeaders() };
}

/** The cookies of a request or response of Next.js. As text they are the header. */
function areCookies(object: object): boolean {
  return "_parsed" in object && "_headers" in object;
}

function isError(object: object): object is Error {
  return object instanceof Error || tagOf(object) === "Error" || tagOf(object) === "DOMException";
}

/** What says which error it is, in no words of its own. */
const IDENTIFYING = ["code", "errno", "status", "statusCode", "syscall"];
const IDENTIFIER = /^[\w.:-]{1,100}$/;

/**
 * An error without its stack, which is long and names files. Its message and what libraries add quote what users typed
 * and what is stored, so that only its name and codes are left, unless the application wants the words.
 */
function ofError(error: Error, keepsMessages: boolean): object {
  const { name, message, cause } = error;
  const added = Object.entries(error).filter(([key, value]) =>
    keepsMessages ? isPrimitive(value) : IDENTIFYING.includes(key) && isIdentifier(value),
  );
  const known = { name, ...(keepsMessages && { message: cutWithMark(message, MAX_TEXT.error_message) }) };
  const isKept =
    cause !== undefined && (keepsMessages || (typeof cause === "object" && cause && isError(cause)));
  return { ...Object.fromEntries(added), ...known, ...(isKept && { cause }) };
}

function isPrimitive(value: unknown): boolean {
  return typeof value !== "object" && typeof value !== "function";
}

function isIdentifier(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && IDENTIFIER.test(value));
}
