import { readJson } from "../api/json";
import type { Activity } from "../api/types";

/** What the stream sends as `message` events. Kinds that this version does not know are ignored. */
export type Frame =
  | { type: "connected" }
  | { type: "new_activity"; data: Activity }
  | { type: "reset"; reason?: string }
  | { type: "alert"; data?: AlertData };

export interface AlertData {
  title?: string;
  message?: string;
  description?: string;
}

const KNOWN = new Set(["connected", "new_activity", "reset", "alert"]);

/** Reads a frame, or null where the text is none: a frame that cannot be read must not end the stream. */
export function readFrame(text: string): Frame | null {
  try {
    const frame: unknown = readJson(text);
    if (typeof frame !== "object" || frame === null || !("type" in frame)) return null;
    return KNOWN.has(String(frame.type)) ? (frame as Frame) : null;
  } catch {
    return null;
  }
}
