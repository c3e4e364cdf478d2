import { request } from "./client";
import type { KeyRequest, NewKey } from "./types";

export const createKey = (body: KeyRequest) => request<NewKey>("/api/admin/keys", { method: "POST", body });
