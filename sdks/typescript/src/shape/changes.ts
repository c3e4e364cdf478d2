import { JSON_BYTES } from "../limits.js";
import type { Named } from "../redact/keys.js";
import type { Redaction } from "../redact/redaction.js";
import { byteLength, clean } from "../text.js";
import { put, TooLarge, writeJson } from "./json.js";

/**
 * `{field: {"from": …, "to": …}}` as JSON. The server takes no other form, so a field that comes with its new value alone
 * gets an unknown old one, and of a secret field each side is replaced, not the whole.
 */
export function writeChanges(changes: object, redaction: Redaction): string {
  const fields = Array.isArray(changes) ? { value: changes } : changes;
  const written = new Map<string, string>();
  for (const [field, change] of Object.entries(fields)) {
    const name = clean(field);
    put(written, redaction.key(name), writeSides(change, redaction.named(name), redaction));
  }
  const json = `{${Array.from(written, ([name, sides]) => `${JSON.stringify(name)}:${sides}`).join(",")}}`;
  if (byteLength(json) > JSON_BYTES) throw new TooLarge();
  return json;
}

function writeSides(change: unknown, named: Named | null, redaction: Redaction): string {
  const { from, to } = isSides(change) ? change : { from: null, to: change };
  const hide = (side: unknown) => (redaction.isSecret(side, named) ? redaction.blot() : (side ?? null));
  return writeJson({ from: hide(from), to: hide(to) }, redaction);
}

function isSides(change: unknown): change is { from?: unknown; to?: unknown } {
  if (typeof change !== "object" || change === null) return false;
  const sides = Object.keys(change);
  return sides.length > 0 && sides.every((side) => side === "from" || side === "to");
}
