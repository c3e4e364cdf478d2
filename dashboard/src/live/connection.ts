/** The stream of the list on the screen, by the stream client of the SDK, with cookies as the credential. */
import { ActivityStream, StreamRefusedError, type StreamStatus } from "@livetrail/sdk";
import { STREAM_PATH } from "../api/calls";
import { readJson } from "../api/json";
import type { Activity } from "../api/types";

export type LiveStatus = Exclude<StreamStatus, "stopped"> | "offline";

export interface ConnectionOptions {
  /** The filter of the list, as a query. */
  filter: string;
  /** The cursor to resume after, usually the head of the list that is on the screen. */
  resumeAfter: string | null;
  /** The cursor is that of the log up to the activity. */
  onActivity: (activity: Activity, cursor: string | null) => void;
  /** The list has to be read again: the stream cannot resume after its cursor. */
  onReset: () => void;
  /** Told of a raised alert, and of a new version of one, whatever the filter is. */
  onAlert: (alert: unknown) => void;
  onStatus: (status: LiveStatus) => void;
  /** The server refuses the stream, for example because the session has ended. It is tried again all the same. */
  onRefused: () => void;
}

/** Follows the log until the function that it returns is called. */
export function followLog(options: ConnectionOptions): () => void {
  const { filter, resumeAfter, onActivity, onReset, onAlert, onStatus, onRefused } = options;
  const report = () => {
    const { status } = stream;
    if (status === "stopped") return;
    onStatus(status !== "live" && navigator.onLine === false ? "offline" : status);
  };
  const stream = new ActivityStream({
    url: filter ? `${STREAM_PATH}?${filter}` : STREAM_PATH,
    lastEventId: resumeAfter,
    parse: readJson,
    // The record is the same. The dashboard has its type from the server's description of the API.
    onActivity: (activity) => onActivity(activity as Activity, stream.lastEventId),
    onReset,
    onAlert,
    onStatus: report,
    // A stream from this device itself may go on without a network.
    onCursor: report,
    onError: (error) => {
      report();
      if (error instanceof StreamRefusedError) onRefused();
    },
  });
  const sayOffline = () => onStatus("offline");
  window.addEventListener("offline", sayOffline);
  // The stream reconnects by itself, but does not know that the badge says "Offline".
  window.addEventListener("online", report);
  stream.start();
  return () => {
    window.removeEventListener("offline", sayOffline);
    window.removeEventListener("online", report);
    stream.stop();
  };
}
