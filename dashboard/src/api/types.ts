/** The shapes of the public API that the dashboard reads. Unknown values are null, never absent. */

export type Severity = "info" | "notice" | "warning" | "critical" | (string & {});

export interface Device {
  browser: string | null;
  os: string | null;
  class: "desktop" | "mobile" | "tablet" | "bot" | "script" | null;
}

export interface Change {
  from: unknown;
  to: unknown;
}

export interface Activity {
  id: string;
  /** Commit order in the log: 1, 2, 3 … without gaps. */
  position: number;
  /** When it happened, in whole epoch seconds. */
  timestamp: number;
  /** The same instant, RFC 3339 in UTC with microseconds. */
  occurred_at: string;
  created_at: string;
  timestamp_adjusted: boolean;
  user_id: string;
  user_email: string | null;
  user_display_name: string | null;
  action_type: string;
  description: string;
  /** A Lucide icon name. */
  icon: string;
  category: string | null;
  severity: Severity | null;
  endpoint: string | null;
  http_method: string | null;
  status_code: number | null;
  success: boolean;
  error_message: string | null;
  error_type: string | null;
  target_user_id: string | null;
  target_resource_id: string | null;
  resource_type: string | null;
  details: Record<string, unknown> | null;
  changes: Record<string, Change> | null;
  duration_ms: number | null;
  db_query_count: number | null;
  ip_address: string | null;
  user_agent: string | null;
  device: Device | null;
  is_admin: boolean;
  session_id: string | null;
  request_id: string | null;
  trace_id: string | null;
  tenant_id: string | null;
}

export interface Stats {
  total_logs: number;
  /** Per cent, 0 to 100. */
  success_rate: number;
  failed_count: number;
  unique_users: number;
  anonymous_users: number;
  admin_actions: number;
  avg_duration_ms: number | null;
  last_24h: number;
}

export interface ActivityList {
  success: boolean;
  data: Activity[];
  total: number;
  total_is_exact: boolean;
  page: number;
  limit: number;
  total_pages: number;
  next_cursor: string | null;
  prev_cursor: string | null;
  /** The stream's cursor of the log's head when this list was read: what to resume a stream from. */
  head_cursor: string | null;
  stats: Stats;
}

export interface CatalogueCategory {
  key: string;
  title: string;
}

export interface CatalogueAction {
  key: string;
  title: string;
  category: string;
  icon: string;
  sentence: string;
  severity: Severity;
}

export interface Catalogue {
  categories: CatalogueCategory[];
  actions: CatalogueAction[];
}

export interface Session {
  user_id: string;
  role: "viewer" | "admin" | (string & {});
  display_name: string | null;
  expires_at: string | null;
}

/** RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: { pointer: string; detail: string }[];
  request_id?: string;
}
