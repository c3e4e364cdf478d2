/** What is sent of an activity, as the server reads it. */
import type { NewActivity } from "../../src/index.js";
import { Redaction } from "../../src/redact/redaction.js";
import { encode } from "../../src/shape/encode.js";

export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export function encoded(
  facts: Record<string, unknown>,
  redaction = Redaction.standard(),
): Record<string, unknown> {
  const activity = { user_id: "u", action_type: "a", ...facts } as unknown as NewActivity;
  return JSON.parse(encode(activity, NOW, redaction).json) as Record<string, unknown>;
}

export const details = (value: unknown) => encoded({ details: value }).details;
