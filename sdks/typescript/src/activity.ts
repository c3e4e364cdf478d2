/** The shapes of an activity: what an application gives, and what the log gives back. */
import type { ActivityActions } from "./actions.js";

/** An action type of the catalogue, or one of the application's own. */
export type ActivityAction = (typeof ActivityActions)[keyof typeof ActivityActions] | (string & {});

/** Text, or what becomes text. Null and undefined are absent, as in what a library has found nothing for. */
type Text = string | number | bigint | null | undefined;
type Optional<T> = T | null | undefined;

/** What a delegate may be. */
export type DelegateType = "user" | "agent" | "service";

/** What an activity may say beside who did what. */
export interface ActivityFacts {
  /** A UUID; the same id is stored once. Made by the client, if left out. */
  id?: Optional<string>;
  /** When it happened; now, if left out. A number is epoch seconds or, as of `Date.now()`, milliseconds. */
  timestamp?: Optional<Date | number | string>;
  /** A path; its query string is cut off. */
  endpoint?: Optional<string>;
  http_method?: Optional<string>;
  status_code?: Optional<number>;
  /** `status_code < 400` if left out, or true. */
  success?: Optional<boolean>;
  error_message?: Optional<string | Error>;
  error_type?: Text;
  target_user_id?: Text;
  target_resource_id?: Text;
  resource_type?: Text;
  /** Anything else, as an object of at most 64 KiB. */
  details?: Optional<object>;
  /** Before and after. */
  changes?: Optional<Record<string, { from?: unknown; to?: unknown }>>;
  duration_ms?: Optional<number>;
  db_query_count?: Optional<number>;
  /** An address, or what the `X-Forwarded-For` header says. Other text is left out. */
  ip_address?: Optional<string | readonly string[]>;
  user_agent?: Optional<string>;
  is_admin?: Optional<boolean>;
  /** Who acted in the user's name: an AI agent, support staff, a job. RFC 8693 calls it `act`. */
  delegate_id?: Text;
  /** What kind of party that is. It needs a `delegate_id`. */
  delegate_type?: Optional<DelegateType>;
  /** Through what it was done, such as `ui`, `api`, `mcp`, `cli` or `job`. */
  via?: Text;
  session_id?: Text;
  request_id?: Text;
  trace_id?: Text;
  tenant_id?: Text;
}

/** An id becomes text. */
type Id = string | number | bigint;

/** An activity under the names of the log. */
export interface Activity extends ActivityFacts {
  user_id: Id;
  action_type: ActivityAction;
}

type CamelCase<S> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S;
type Camel<T> = { [K in keyof T as CamelCase<K>]: T[K] };

/** The same in camelCase. */
export interface CamelActivity extends Camel<Activity> {}

/** What admin trackers call the resource and the details. */
interface AdminFacts {
  entityType?: Text;
  entityId?: Text;
  metadata?: Optional<object>;
}

/** An activity as admin trackers name it. A user that is given as `adminId` is an admin. */
export interface AdminActivity
  extends Omit<Camel<ActivityFacts>, "resourceType" | "targetResourceId" | "details">,
    AdminFacts {
  adminId: Id;
  action: ActivityAction;
}

/** One of these, and none of the others beside it: an activity has one user and one action. */
type OneOf<T> = {
  [K in keyof T]: Pick<T, K> & { [Other in Exclude<keyof T, K>]?: null | undefined };
}[keyof T];

/** An activity in any of the shapes, which may be mixed: who did what is required, under one name each. */
export type NewActivity = OneOf<{ user_id: Id; userId: Id; adminId: Id }> &
  OneOf<{ action_type: ActivityAction; actionType: ActivityAction; action: ActivityAction }> &
  ActivityFacts &
  Camel<ActivityFacts> &
  AdminFacts;

/** An activity as lists and streams give it: every field is there, null if unknown. */
export interface StoredActivity {
  id: string;
  /** Its place in the log, from 1. */
  position: number;
  /** Epoch seconds. */
  timestamp: number;
  /** The same moment as RFC 3339, with microseconds. */
  occurred_at: string;
  created_at: string;
  timestamp_adjusted: boolean;
  user_id: string;
  user_email: string | null;
  user_display_name: string | null;
  action_type: ActivityAction;
  /** A sentence. */
  description: string;
  /** The name of a Lucide icon. */
  icon: string;
  category: string;
  severity: string;
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
  /** Text where the field names a secret. */
  changes: Record<string, { from: unknown; to: unknown } | string> | null;
  duration_ms: number | null;
  db_query_count: number | null;
  ip_address: string | null;
  user_agent: string | null;
  device: Record<string, unknown> | null;
  is_admin: boolean;
  delegate_id: string | null;
  delegate_type: DelegateType | null;
  via: string | null;
  session_id: string | null;
  request_id: string | null;
  trace_id: string | null;
  tenant_id: string | null;
}
