/** What a new key may do, and when it ends. */
import type { KeyRequest } from "../api/types";
import type { Text } from "../texts/texts";

export const ROLES = [
  { value: "writer", label: "Writer", may: "Writes activities and names users. It reads nothing." },
  { value: "viewer", label: "Viewer", may: "Reads the log: lists, streams, exports and reports." },
  { value: "auditor", label: "Auditor", may: "Reads the log, and who has access. It changes nothing." },
  { value: "admin", label: "Admin|role", may: "May do everything, and make and revoke keys." },
] as const satisfies readonly { value: KeyRequest["role"]; label: Text; may: Text }[];

export const ENDS = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "never", label: "Never" },
] as const satisfies readonly { value: string; label: Text }[];
export type End = (typeof ENDS)[number]["value"];

const DAY_MS = 86_400_000;

/** When a key ends that is made at a time, as the API takes it. */
export const endOf = (end: End, nowMs: number): string | null =>
  end === "never" ? null : new Date(nowMs + Number(end) * DAY_MS).toISOString();
