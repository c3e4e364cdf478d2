import type { StreamStatus } from "../activity-stream.js";
import type { Pulse, StreamSignal } from "../signal.js";

/** What the leader tells: how things stand, or one signal of its stream. */
export type Told = {
  /** Counts leaders: of two, the one with the greater term leads. */
  term: number;
  /** Where the leader's stream has got to; null until it is open. */
  cursor: string | null;
  status: StreamStatus;
  /** That of the leader's own connection. A leader that says nothing for its `silenceMs` is closed or frozen. */
  pulse: Pulse;
} & (
  | { type: "state" }
  /** `before` is the cursor of the signal before, so that a follower notices what it has missed. */
  | { type: "signal"; before: string | null; signal: StreamSignal }
);

/** What followers ask for: how things stand, that the stream is opened, that it connects anew. */
export type Asked = { type: "hello" } | { type: "start"; cursor: string | null } | { type: "reconnect" };

export type TabMessage = Told | Asked;
