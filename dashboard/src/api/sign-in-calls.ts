import { request } from "./client";
import type { SignedInList } from "./types";

const SESSIONS = "/api/admin/sessions";

export const listSignedIn = (query: URLSearchParams, signal?: AbortSignal) =>
  request<SignedInList>(SESSIONS, { query, ...(signal && { signal }) });

export const endSession = (id: string) =>
  request<void>(`${SESSIONS}/${encodeURIComponent(id)}`, { method: "DELETE" });
