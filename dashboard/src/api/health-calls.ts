import { request } from "./client";
import type { IndexInfo, RetentionInfo } from "./types";

export const getIndex = (signal?: AbortSignal) =>
  request<IndexInfo>("/api/admin/index", { ...(signal && { signal }) });

export const getRetention = (signal?: AbortSignal) =>
  request<RetentionInfo>("/api/admin/retention", { ...(signal && { signal }) });
