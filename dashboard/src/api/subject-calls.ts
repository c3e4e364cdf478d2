import { request } from "./client";
import type { ActivityGroups, LogSessions } from "./types";

export const getGroups = (query: URLSearchParams, signal?: AbortSignal) =>
  request<ActivityGroups>("/api/admin/activity/groups", { query, ...(signal && { signal }) });

export const listLogSessions = (query: URLSearchParams, signal?: AbortSignal) =>
  request<LogSessions>("/api/admin/activity/sessions", { query, ...(signal && { signal }) });
