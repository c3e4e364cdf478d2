import { request } from "./client";
import type { KeyList, KeyRequest, NewKey } from "./types";

const KEYS = "/api/admin/keys";

export const listKeys = (signal?: AbortSignal) => request<KeyList>(KEYS, { ...(signal && { signal }) });

export const createKey = (body: KeyRequest) => request<NewKey>(KEYS, { method: "POST", body });

export const revokeKey = (id: string) =>
  request<void>(`${KEYS}/${encodeURIComponent(id)}`, { method: "DELETE" });
