import type { StoredActivity } from "../activity.js";
import type { StreamStatus } from "./activity-stream.js";

/** What followers of a stream are told. It is plain data, so that it can travel to another tab. */
export type StreamSignal =
  | { type: "activity"; activity: StoredActivity }
  | { type: "reset"; reason: string }
  | { type: "alert"; alert: unknown }
  /** A place was reached without an activity. */
  | { type: "cursor" }
  | { type: "status"; status: StreamStatus }
  /** `refusal`: the HTTP status, which an error loses on its way to another tab. */
  | { type: "error"; error: Error; refusal: number | null };

export type StreamListener = (signal: StreamSignal) => void;

/** Signs of life of a connection. Times are epoch milliseconds. */
export interface Pulse {
  /** Since when it is silent. */
  heardAt: number;
  /** When it is tried again; null while it is open or on its way. */
  retryAt: number | null;
  /** How long it may be silent before it counts as dead. */
  silenceMs: number;
}

/** A stream that can be shared: it opens when its first cursor is known. */
export interface StreamSource {
  readonly status: StreamStatus;
  /** Where the stream has got to; null until it is open. */
  readonly cursor: string | null;
  readonly pulse: Pulse;
  /** Resolves when it is known whether another tab has the stream open already. */
  ready(): Promise<void>;
  /** Follows from this cursor, or from now. False if the stream is open already, at another place. */
  start(cursor: string | null): boolean;
  /** Connects anew at once, going on where the stream is. */
  reconnect(): void;
  /** After a sleep: goes on at once, also where another tab has the stream and may sleep still. */
  wake(): void;
  close(): void;
}
