/** From what an application gives, in any of the shapes, to the JSON that is sent. */
import type { NewActivity } from "../activity.js";
import { LivetrailError } from "../errors.js";
import { newId } from "../id.js";
import type { Redaction } from "../redact/redaction.js";
import { partOf } from "../runtime.js";
import { writeChanges } from "./changes.js";
import { readCount, readId, readMoment, readStatus, readText, readTruth } from "./fields.js";
import { TooLarge, writeDetails, writeJson } from "./json.js";
import { type FieldName, fieldName, TEXT_FIELDS } from "./names.js";
import { UNREADABLE } from "./plain.js";

/** An activity as it is sent: nothing that the application does to its objects later can change it. */
export interface Encoded {
  id: string;
  json: string;
  /** Whether it names a tenant, for which alone a batch can be refused with 403. */
  namesTenant: boolean;
}

const TOO_LARGE = "larger than 64 KiB";

/** What the application gives may throw when it is read. That costs its field, not the activity. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * Encodes an activity. Throws a [`LivetrailError`] `invalid` where there is no user or no action, or nothing to read.
 */
export function encode(activity: NewActivity, now: number, redaction: Redaction): Encoded {
  if (typeof activity !== "object" || activity === null) {
    throw new LivetrailError("invalid", "an activity is an object with at least a user and an action");
  }
  const { given, unknown, byAdmin } = sort(activity);
  const id = attempt(() => readId(given.get("id"))) ?? newId(now);
  const fields: Record<string, unknown> = {
    id,
    timestamp: attempt(() => readMoment(given.get("timestamp") ?? now)) ?? new Date(now).toISOString(),
    ...texts(given, redaction),
    ...numbersAndTruths(given, byAdmin),
  };
  for (const [name, what] of [
    ["user_id", "a user"],
    ["action_type", "an action"],
  ] as const) {
    if (fields[name] === undefined)
      throw new LivetrailError("invalid", `an activity needs ${what} (${name})`);
  }
  const parts = [
    JSON.stringify(fields).slice(1, -1),
    ...unknown.map(([name, value]) => `${JSON.stringify(name)}:${writeOther(name, value, redaction)}`),
    ...details(given, redaction),
    ...changes(given, redaction),
  ];
  return { id, json: `{${parts.join(",")}}`, namesTenant: fields.tenant_id !== undefined };
}

/** What was given, under the server's names; and what has none, which the server refuses with a hint. */
function sort(activity: object) {
  const given = new Map<FieldName, unknown>();
  const unknown: [string, unknown][] = [];
  let byAdmin = false;
  for (const name of Object.keys(activity)) {
    const field = fieldName(name);
    const value = partOf<unknown>(activity, name);
    if (value === null || value === undefined) continue;
    if (name === "adminId") byAdmin = true;
    if (!field) unknown.push([name, value]);
    else if (given.has(field))
      throw new LivetrailError("invalid", `${field} is given twice, also as ${name}`);
    else given.set(field, value);
  }
  return { given, unknown, byAdmin };
}

function texts(given: Map<FieldName, unknown>, redaction: Redaction): Record<string, string | undefined> {
  const texts: Record<string, string | undefined> = {};
  for (const name of TEXT_FIELDS) {
    if (given.has(name)) texts[name] = attempt(() => readText(name, given.get(name), redaction));
  }
  // The server refuses a type without an id.
  if (texts.delegate_id === undefined) delete texts.delegate_type;
  return texts;
}

function numbersAndTruths(given: Map<FieldName, unknown>, byAdmin: boolean): Record<string, unknown> {
  const read = <T>(name: FieldName, as: (value: unknown) => T) => attempt(() => as(given.get(name)));
  const isAdmin = given.has("is_admin") ? read("is_admin", readTruth) : byAdmin;
  return {
    ...(given.has("status_code") && { status_code: read("status_code", readStatus) }),
    ...(given.has("success") && { success: read("success", readTruth) }),
    ...(given.has("duration_ms") && { duration_ms: read("duration_ms", readCount) }),
    ...(given.has("db_query_count") && { db_query_count: read("db_query_count", readCount) }),
    ...(isAdmin && { is_admin: true }),
  };
}

function details(given: Map<FieldName, unknown>, redaction: Redaction): string[] {
  if (!given.has("details")) return [];
  const value = given.get("details");
  return [
    `"details":${orMarker(
      () => writeObject(value, redaction),
      (omitted) => ({ omitted }),
    )}`,
  ];
}

/** Details that are no object are put into one. */
function writeObject(value: unknown, redaction: Redaction): string {
  const json = writeDetails(value, redaction);
  return json.startsWith("{") ? json : writeJson({ value }, redaction);
}

function changes(given: Map<FieldName, unknown>, redaction: Redaction): string[] {
  if (!given.has("changes")) return [];
  const value = given.get("changes");
  const marker = (to: string) => ({ omitted: { from: null, to } });
  return [`"changes":${orMarker(() => writeChanges(value, redaction), marker)}`];
}

function writeOther(name: string, value: unknown, redaction: Redaction): string {
  const json = orMarker(
    () => writeJson({ [name]: value }, redaction),
    (why) => ({ [name]: why }),
  );
  return json === "{}" ? "null" : json.slice(json.indexOf(":") + 1, -1);
}

/** What the server would refuse as too large, or what cannot be read, is replaced: the rest of the activity is kept. */
function orMarker(write: () => string, marker: (why: string) => object): string {
  try {
    return write();
  } catch (error) {
    return JSON.stringify(marker(error instanceof TooLarge ? TOO_LARGE : UNREADABLE));
  }
}
