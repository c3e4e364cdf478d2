import type {
  Activity,
  ActivityList,
  ActivityStats,
  Alert,
  AlertChannel,
  AlertRule,
  Facets,
  KeyInfo,
  Stats,
  Timeline,
} from "../api/types";

/** An activity that is told apart by its position; later positions happened later. */
export function activity(position: number, over: Partial<Activity> = {}): Activity {
  const timestamp = over.timestamp ?? 1_800_000_000 + position;
  const occurred = new Date(timestamp * 1_000).toISOString().replace("Z", "000Z");
  return {
    id: `id-${position}`,
    position,
    timestamp,
    occurred_at: occurred,
    created_at: occurred,
    timestamp_adjusted: false,
    user_id: "u-1",
    user_email: "ada@example.org",
    user_display_name: "Ada Lovelace",
    action_type: "user_login",
    description: `Ada Lovelace signed in (${position})`,
    icon: "log-in",
    category: "authentication",
    severity: "info",
    endpoint: "/api/login",
    http_method: "POST",
    status_code: 200,
    success: true,
    error_message: null,
    error_type: null,
    target_user_id: null,
    target_resource_id: null,
    resource_type: null,
    details: null,
    changes: null,
    duration_ms: 20,
    db_query_count: 2,
    ip_address: "203.0.113.7",
    user_agent: "Mozilla/5.0",
    device: { browser: "Firefox", os: "Linux", class: "desktop" },
    is_admin: false,
    delegate_id: null,
    delegate_type: null,
    via: null,
    session_id: "s-1",
    request_id: "r-1",
    trace_id: null,
    tenant_id: null,
    ...over,
  };
}

export const failure = (position: number, over: Partial<Activity> = {}): Activity =>
  activity(position, { success: false, status_code: 401, error_message: "Invalid password", ...over });

export function stats(over: Partial<Stats> = {}): Stats {
  return {
    total_logs: 0,
    success_rate: 0,
    success_count: 0,
    failed_count: 0,
    unique_users: 0,
    anonymous_users: 0,
    admin_actions: 0,
    avg_duration_ms: null,
    p95_duration_ms: null,
    top_action: null,
    last_24h: 0,
    ...over,
  };
}

export function list(rows: Activity[], over: Partial<ActivityList> = {}): ActivityList {
  return {
    success: true,
    data: rows,
    total: null,
    total_is_exact: false,
    page: 1,
    limit: 20,
    total_pages: null,
    next_cursor: null,
    prev_cursor: null,
    head_cursor: "head-1",
    stats: null,
    ...over,
  };
}

/** A count of these rows and nothing else. */
export function countOf(rows: readonly Activity[], over: Partial<Stats> = {}): Stats {
  const failed = rows.filter((row) => !row.success).length;
  return stats({
    total_logs: rows.length,
    success_count: rows.length - failed,
    failed_count: failed,
    success_rate: rows.length > 0 ? ((rows.length - failed) / rows.length) * 100 : 0,
    ...over,
  });
}

export const counted = (of: Stats, head = "head-1"): ActivityStats => ({
  success: true,
  stats: of,
  head_cursor: head,
});

/** A timeline of [succeeded, failed] for each bucket. */
export function timeline(
  counts: readonly [number, number][],
  over: Partial<Omit<Timeline, "buckets">> = {},
): Timeline {
  const width = over.bucket_seconds ?? 60;
  const first = 1_800_000_000;
  const buckets = counts.map(([success_count, failed_count], index) => ({
    start: first + index * width,
    count: success_count + failed_count,
    success_count,
    failed_count,
    categories: {},
  }));
  return {
    success: true,
    total: buckets.reduce((sum, { count }) => sum + count, 0),
    bucket_seconds: width,
    head_cursor: "head-1",
    ...over,
    buckets,
  };
}

export function facets(over: Partial<Facets> = {}): Facets {
  return {
    success: true,
    total: 0,
    head_cursor: "head-1",
    action_type: [],
    category: [],
    status: [],
    method: [],
    endpoint: [],
    resource_type: [],
    user: [],
    delegate_id: [],
    via: [],
    ...over,
  };
}

/** An alert that is told apart by the position that raised it; later positions raised it later. */
export function alert(position: number, over: Partial<Alert> = {}): Alert {
  const time = new Date((1_800_000_000 + position) * 1_000).toISOString();
  return {
    id: `alert-${position}`,
    rule: "failed-sign-ins",
    rule_version: "v-1",
    title: `Many failed sign-ins of one user (${position})`,
    severity: "warning",
    tenant_id: null,
    group: { user_id: "u-1", ip_address: "203.0.113.7" },
    position,
    raised_at: time,
    first_at: time,
    last_at: time,
    count: 10,
    late: false,
    ongoing: false,
    positions: [position],
    state: "open",
    decided_by: null,
    decided_at: null,
    reason: null,
    muted_until: null,
    activities: "user_id=u-1&date_from=1800000000&date_to=1800000600",
    ...over,
  };
}

/** A channel that delivers. */
export function channel(number: number, over: Partial<AlertChannel> = {}): AlertChannel {
  return {
    id: `channel-${number}`,
    name: `ops-${number}`,
    kind: "webhook",
    destination: "webhook at hooks.example.com",
    tenant_id: null,
    severity: "info",
    rules: [],
    cooldown_minutes: 60,
    enabled: true,
    created_by: null,
    created_at: "2027-01-15T08:00:00Z",
    last_success_at: null,
    last_failure_at: null,
    last_failure: null,
    failing_since: null,
    waiting: 0,
    parked: 0,
    ...over,
  };
}

export const DEFINITION = `id = "failed-sign-ins"
title = "Many failed sign-ins of one user"
severity = "warning"
group_by = ["user_id"]
timespan = "10m"

[filter]
action_filter = ["user_login", "login"]
success_filter = false

[condition]
type = "event_count"
gte = 10
`;

export function rule(id = "failed-sign-ins", over: Partial<AlertRule> = {}): AlertRule {
  return {
    id,
    title: "Many failed sign-ins of one user",
    description: "The password of this user is being guessed.",
    severity: "warning",
    enabled: true,
    built_in: true,
    changed: false,
    tenant_id: null,
    version: "v-1",
    definition: DEFINITION,
    changed_by: null,
    changed_at: null,
    open: 0,
    saturated_since: null,
    faults: [],
    ...over,
  };
}

export const key = (over: Partial<KeyInfo> = {}): KeyInfo => ({
  id: "0192f0c4-8b1e-7c3a-9d2f-000000000001",
  name: "billing service",
  role: "writer",
  tenant_id: null,
  created_by: "livetrail-admin",
  created_at: "2027-01-01T08:00:00Z",
  last_used_at: "2027-01-15T08:00:00Z",
  expires_at: null,
  advice: null,
  ...over,
});
