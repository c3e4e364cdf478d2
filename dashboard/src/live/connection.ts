/**
 * The stream of the list on the screen, by the stream client of the SDK, with cookies as the credential. Tabs that ask
 * for the same as the same reader share one.
 */
import type { StreamStatus } from "@livetrail/sdk";
import { openStream, type Pulse, type StreamSignal } from "@livetrail/sdk/stream";
import { STREAM_PATH } from "../api/calls";
import { readJson } from "../api/json";
import type { Activity, Session } from "../api/types";
import { LiveSource } from "./socket-source";
import { keepAwake } from "./wake";

export type LiveStatus = Exclude<StreamStatus, "stopped"> | "offline";

export interface ConnectionOptions {
  /** The filter of the list, as a query. */
  filter: string;
  /** The cursor to resume after, usually the head of the list that is on the screen. */
  resumeAfter: string | null;
  /** Whose stream it is: tabs of another session do not share it. Null: it is not shared. */
  session: Session | null;
  /** The cursor is that of the log up to the activity. */
  onActivity: (activity: Activity, cursor: string | null) => void;
  /** The list has to be read again: the stream cannot resume after its cursor. */
  onReset: (reason: string) => void;
  /** Told of a raised alert, and of a new version of one, whatever the filter is. */
  onAlert: (alert: unknown) => void;
  onStatus: (status: LiveStatus) => void;
  /** The server refuses the stream, for example because the session has ended. It is tried again all the same. */
  onRefused: () => void;
}

export interface Following {
  readonly pulse: Pulse;
  stop(): void;
}

/** Follows the log until it is stopped. */
export function followLog(options: ConnectionOptions): Following {
  const { filter, resumeAfter, session, onStatus } = options;
  const report = () => {
    const { status } = stream;
    if (status === "stopped") return;
    onStatus(status !== "live" && navigator.onLine === false ? "offline" : status);
  };
  const url = filter ? `${STREAM_PATH}?${filter}` : STREAM_PATH;
  const asked = { url, parse: readFrame, ...(globalThis.WebSocket && { EventSource: LiveSource }) };
  const stream = openStream(
    asked,
    (signal) => {
      hear(signal, stream.cursor, options);
      // A stream from this device itself may go on without a network.
      report();
    },
    session && tabsName(url, session),
  );
  const sayOffline = () => onStatus("offline");
  window.addEventListener("offline", sayOffline);
  // The stream reconnects by itself, but does not know that the badge says "Offline".
  window.addEventListener("online", report);
  const sleep = keepAwake(stream);
  stream.start(resumeAfter);
  return {
    get pulse() {
      return stream.pulse;
    },
    stop: () => {
      window.removeEventListener("offline", sayOffline);
      window.removeEventListener("online", report);
      sleep();
      stream.close();
    },
  };
}

function hear(signal: StreamSignal, cursor: string | null, options: ConnectionOptions): void {
  if (signal.type === "activity") {
    const { text } = signal.activity as unknown as UnreadActivity;
    options.onActivity((readJson(text) as { data: Activity }).data, cursor);
  } else if (signal.type === "reset") options.onReset(signal.reason);
  else if (signal.type === "alert") options.onAlert(signal.alert);
  else if (signal.type === "error" && signal.refusal !== null) options.onRefused();
}

/** A session sees what its role may see, so its streams are its own. */
const tabsName = (url: string, { user_id, role, session_id }: Session): string =>
  `${window.location.origin} ${url} ${JSON.stringify([user_id, role, session_id])}`;

/** An activity on its way to the tabs: as text, since numbers with all of their digits are objects and would be lost. */
interface UnreadActivity {
  position: number;
  text: string;
}

function readFrame(text: string): unknown {
  const frame = JSON.parse(text) as { type?: unknown; data?: { position: number } };
  if (frame.type !== "new_activity") return frame;
  return { type: frame.type, data: { position: frame.data?.position ?? 0, text } satisfies UnreadActivity };
}
