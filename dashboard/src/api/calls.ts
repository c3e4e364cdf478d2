import { request } from "./client";
import type { Activity, ActivityList, Catalogue, Session } from "./types";

export const STREAM_PATH = "/api/admin/activity/stream";

export const listActivities = (query: URLSearchParams, signal?: AbortSignal) =>
  request<ActivityList>("/api/admin/activity", { query, ...(signal && { signal }) });

export const getActivity = (id: string, signal?: AbortSignal) =>
  request<Activity>(`/api/admin/activity/${encodeURIComponent(id)}`, { ...(signal && { signal }) });

export const getCatalogue = (signal?: AbortSignal) =>
  request<Catalogue>("/api/admin/catalogue", { ...(signal && { signal }) });

export const getSession = (signal?: AbortSignal) =>
  request<Session>("/api/session", { ...(signal && { signal }) });

export const openSession = (token: string) =>
  request<Session>("/api/session", { method: "POST", body: { token } });

export const closeSession = () => request<void>("/api/session", { method: "DELETE" });
