import type { StoredActivity } from "../activity.js";

/** What the stream sends as messages. Kinds that this version does not know are ignored. */
export type Frame =
  | { type: "connected"; heartbeat_seconds?: number }
  | { type: "new_activity"; data: StoredActivity }
  | { type: "reset"; reason?: string }
  | { type: "alert"; data?: unknown };

/** Reads a frame, or null where the text is none: a frame that cannot be read must not end the stream. */
export function readFrame(text: unknown, parse: (text: string) => unknown = JSON.parse): Frame | null {
  try {
    const frame = parse(String(text));
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as Frame) : null;
  } catch {
    return null;
  }
}
