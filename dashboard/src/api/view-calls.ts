import { request } from "./client";
import type { NewSavedView, SavedView, SavedViewChange, SavedViewList } from "./types";

const VIEWS = "/api/admin/views";
const viewAddress = (id: string) => `${VIEWS}/${encodeURIComponent(id)}`;

export const listViews = (signal?: AbortSignal) =>
  request<SavedViewList>(VIEWS, { ...(signal && { signal }) });

export const saveView = (body: NewSavedView) => request<SavedView>(VIEWS, { method: "POST", body });

export const changeView = (id: string, body: SavedViewChange) =>
  request<SavedView>(viewAddress(id), { method: "PUT", body });

export const removeView = (id: string) => request<void>(viewAddress(id), { method: "DELETE" });
