import { queryOptions } from "@tanstack/react-query";
import { request } from "./client";
import type {
  Activity,
  ActivityList,
  ActivityStats,
  AlertList,
  Catalogue,
  Facets,
  Report,
  ReportName,
  ServerInfo,
  Session,
  Timeline,
} from "./types";

export const STREAM_PATH = "/api/admin/activity/stream";

/** Where the browser downloads an export from: a link, so that it goes to the disk as it comes. */
export const exportAddress = (query: URLSearchParams) => `/api/admin/activity/export?${query}`;

export const listActivities = (query: URLSearchParams, signal?: AbortSignal) =>
  request<ActivityList>("/api/admin/activity", { query, ...(signal && { signal }) });

export const getStats = (query: URLSearchParams, signal?: AbortSignal) =>
  request<ActivityStats>("/api/admin/activity/stats", { query, ...(signal && { signal }) });

export const activityAddress = (id: string) => `/api/admin/activity/${encodeURIComponent(id)}`;

export const getActivity = (id: string, signal?: AbortSignal) =>
  request<Activity>(activityAddress(id), { ...(signal && { signal }) });

/** An activity never changes, so one answer serves as long as it is kept. */
export const activityOptions = (id: string) =>
  queryOptions({
    queryKey: ["activity", id],
    queryFn: ({ signal }) => getActivity(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const getTimeline = (query: URLSearchParams, signal?: AbortSignal) =>
  request<Timeline>("/api/admin/activity/timeline", { query, ...(signal && { signal }) });

export const getFacets = (query: URLSearchParams, signal?: AbortSignal) =>
  request<Facets>("/api/admin/activity/facets", { query, ...(signal && { signal }) });

export const getReport = <Name extends ReportName>(
  name: Name,
  query: URLSearchParams,
  signal?: AbortSignal,
) => request<Report<Name>>(`/api/admin/reports/${name}`, { query, ...(signal && { signal }) });

/** Where the rows of a report are as a file. */
export const reportFile = (name: ReportName, query: URLSearchParams) => `/api/admin/reports/${name}?${query}`;

export const listAlerts = (query: URLSearchParams, signal?: AbortSignal) =>
  request<AlertList>("/api/admin/alerts", { query, ...(signal && { signal }) });

export const getCatalogue = (signal?: AbortSignal) =>
  request<Catalogue>("/api/admin/catalogue", { ...(signal && { signal }) });

export const getServerInfo = (signal?: AbortSignal) =>
  request<ServerInfo>("/config", { ...(signal && { signal }) });

export const getSession = (signal?: AbortSignal) =>
  request<Session>("/api/session", { ...(signal && { signal }) });

export const openSession = (token: string) =>
  request<Session>("/api/session", { method: "POST", body: { token } });

export const closeSession = () => request<void>("/api/session", { method: "DELETE" });
