/** Livetrail: records activities, and follows them live. */
export { ActivityActions } from "./actions.js";
export type {
  Activity,
  ActivityAction,
  ActivityFacts,
  AdminActivity,
  CamelActivity,
  DelegateType,
  NewActivity,
  StoredActivity,
} from "./activity.js";
export type { ActivityLog, ActivityLogStats } from "./activity-log.js";
export type { BeforeSend, OutgoingActivity } from "./before-send.js";
export { Livetrail } from "./client.js";
export { type DelegateContext, delegateOf } from "./delegate.js";
export { type FieldError, LivetrailError, type LivetrailErrorCode } from "./errors.js";
export type { LivetrailOptions } from "./options.js";
export type { SecretKind } from "./redact/kinds.js";
export {
  type RequestContext,
  type RequestContextOptions,
  type RequestLike,
  requestContext,
} from "./request-context.js";
export type { Receipt } from "./send/item.js";
export type { Stats } from "./send/stats.js";
export {
  configure,
  createClient,
  flush,
  livetrail,
  logActivity,
  putUser,
  record,
  recordDurably,
} from "./shared.js";
export {
  ActivityStream,
  type ActivityStreamOptions,
  type EventSourceConstructor,
  type EventSourceLike,
  type StreamEvent,
  type StreamStatus,
} from "./stream/activity-stream.js";
export type { ActivityFilter } from "./stream/address.js";
export { StreamRefusedError } from "./stream/refusal.js";
export type { WaitUntil } from "./wait-until.js";
