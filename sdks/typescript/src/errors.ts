/** What went wrong with an activity. */
export type LivetrailErrorCode =
  /** There is no key, or the URL is none: nothing is sent. */
  | "off"
  /**
   * The activity has no user or no action, or cannot be read: it was not sent. With a `count` of 0, it was sent without
   * its delegate.
   */
  | "invalid"
  /**
   * The server cannot be reached, is in trouble, or is not Livetrail. What waits is sent when Livetrail answers; nothing
   * is lost yet.
   */
  | "unreachable"
  /** The server refused it for good. `status` and `errors` say why. */
  | "refused"
  /** `beforeSend` returned null: it was not sent. Only `recordDurably` says so. */
  | "filtered"
  /** The queue was full: it is lost. */
  | "queue_full"
  /** The spool on disk cannot be used: what waits is in memory only. Nothing is lost yet. */
  | "spool"
  /** The client was closed, or the process ends, before it was sent: it is lost. */
  | "closed"
  /** The client was closed, or the process ends, after it was sent and before an answer came: it may be stored. */
  | "unacknowledged"
  /** `recordDurably` was not answered in time. The activity may still be stored. */
  | "timeout";

/** A mistake that the server names: where it is (a JSON pointer), and what would be right. */
export interface FieldError {
  pointer: string;
  detail: string;
}

export interface LivetrailErrorFacts {
  /** The HTTP status of the answer. */
  status?: number;
  errors?: readonly FieldError[];
  /** The activity; with its id it can be sent again without being stored twice. */
  activityId?: string;
  /** How many activities are lost or wait; 1, if left out. */
  count?: number;
  cause?: unknown;
}

/** Why activities were not, or not yet, stored. */
export class LivetrailError extends Error {
  override readonly name = "LivetrailError";
  readonly code: LivetrailErrorCode;
  readonly status: number | undefined;
  readonly errors: readonly FieldError[];
  readonly activityId: string | undefined;
  readonly count: number;

  constructor(code: LivetrailErrorCode, message: string, facts: LivetrailErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.status = facts.status;
    this.errors = facts.errors ?? [];
    this.activityId = facts.activityId;
    this.count = facts.count ?? 1;
  }
}
