import { JSON_BYTES } from "../limits.js";
import type { Named } from "../redact/keys.js";
import type { Redaction } from "../redact/redaction.js";
import { byteLength, clean } from "../text.js";
import { TooLarge, writeJson } from "./json.js";
import { plainForm, UNREADABLE } from "./plain.js";
import { Fields } from "./written.js";

/**
 * `{field: {"from": …, "to": …}}` as JSON. The server takes no other form. So a field that comes with its new value
 * alone gets an unknown old one, and a secret field keeps both sides, each replaced.
 */
export function writeChanges(changes: unknown, redaction: Redaction): string {
  const fields = fieldsOf(changes, redaction);
  const written = new Fields();
  let characters = 0;
  for (const field of Object.keys(fields)) {
    const name = redaction.key(clean(field));
    const change = () => fields[field as keyof object] as unknown;
    const sides = writeSides(change, redaction.named(clean(field)), redaction);
    characters += name.length + sides.length;
    // No less becomes of it, so the rest need not be looked at.
    if (characters > JSON_BYTES) throw new TooLarge();
    written.put(name, sides);
  }
  const json = written.toJson();
  if (byteLength(json) > JSON_BYTES) throw new TooLarge();
  return json;
}

/** The fields that changed. What has none is the new value of one. */
function fieldsOf(changes: unknown, redaction: Redaction): object {
  const isObject = typeof changes === "object" && changes !== null;
  const plain = isObject ? plainForm(changes, redaction.keepsErrorMessages) : changes;
  return typeof plain === "object" && plain !== null && !Array.isArray(plain) ? plain : { value: plain };
}

/** A change that throws when it is read costs itself. */
function writeSides(read: () => unknown, named: Named | null, redaction: Redaction): string {
  try {
    const change = read();
    const { from, to } = isSides(change) ? change : { from: null, to: change };
    const hide = (side: unknown) => (redaction.isSecret(side, named) ? redaction.blot() : (side ?? null));
    return writeJson({ from: hide(from), to: hide(to) }, redaction);
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    return JSON.stringify({ from: null, to: UNREADABLE });
  }
}

function isSides(change: unknown): change is { from?: unknown; to?: unknown } {
  if (typeof change !== "object" || change === null) return false;
  const sides = Object.keys(change);
  return sides.length > 0 && sides.every((side) => side === "from" || side === "to");
}
