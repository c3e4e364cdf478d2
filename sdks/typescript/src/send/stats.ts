import type { SecretKind } from "../redact/kinds.js";
import type { Outcome } from "./item.js";

/** Counts since the client was made, of activities; users do not count. */
export interface Stats {
  /** The server says that they are in the log. */
  sent: number;
  /** Of those: were in the log before. */
  duplicates: number;
  /** Refused for good, by the server or, where they could not be sent at all, by the client. */
  rejected: number;
  /** Lost, because the queue was full, or the client was closed or is off. */
  dropped: number;
  /** Sent, but not acknowledged when the client was closed: they may be in the log. */
  unacknowledged: number;
  /** Not acknowledged when the client was closed, but kept on disk: a later client sends them. */
  spooled: number;
  /** Not sent, because `beforeSend` wanted it so. */
  filtered: number;
  /** Not settled yet, users included. */
  queued: number;
  /** Secrets that were replaced, by kind. */
  redacted: Partial<Record<SecretKind, number>>;
}

/** What is counted as it happens. */
export type Counts = Omit<Stats, "queued" | "redacted">;

export const NO_COUNTS: Counts = {
  sent: 0,
  duplicates: 0,
  rejected: 0,
  dropped: 0,
  unacknowledged: 0,
  spooled: 0,
  filtered: 0,
};

export function countOutcome(counts: Counts, outcome: Outcome, isOnDisk: boolean): void {
  if (!outcome.ok) counts[outcome.lost !== "rejected" && isOnDisk ? "spooled" : outcome.lost] += 1;
  else counts.sent += 1;
  if (outcome.ok && outcome.receipt?.duplicate) counts.duplicates += 1;
}
