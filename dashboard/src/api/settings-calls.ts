import { request } from "./client";
import type { RedactionTried, SettingList } from "./types";

export const listSettings = (signal?: AbortSignal) =>
  request<SettingList>("/api/admin/settings", { ...(signal && { signal }) });

/** `details` as JSON: its numbers are sent as they were typed. Nothing is stored. */
export const tryRedaction = (details: string) =>
  request<RedactionTried>("/api/admin/redaction/try", { method: "POST", json: `{"details": ${details}}` });
