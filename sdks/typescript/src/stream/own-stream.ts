/** A stream with a connection of its own. */
import { ActivityStream, type ActivityStreamOptions, type StreamStatus } from "./activity-stream.js";
import { StreamRefusedError } from "./refusal.js";
import type { Pulse, StreamListener, StreamSource } from "./signal.js";

export type ConnectionOptions = Pick<
  ActivityStreamOptions,
  "url" | "token" | "tokenParameter" | "filter" | "withCredentials" | "EventSource" | "parse"
>;

export class OwnStream implements StreamSource {
  readonly #options: ConnectionOptions;
  readonly #tell: StreamListener;
  #stream: ActivityStream | null = null;
  /** An activity has told of its cursor already. */
  #isTold = false;

  constructor(options: ConnectionOptions, tell: StreamListener) {
    this.#options = options;
    this.#tell = tell;
  }

  get status(): StreamStatus {
    return this.#stream?.status ?? "connecting";
  }

  get cursor(): string | null {
    return this.#stream?.lastEventId ?? null;
  }

  get pulse(): Pulse {
    const { heardAt, retryAt, silenceMs } = this.#stream ?? new ActivityStream();
    return { heardAt, retryAt, silenceMs };
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  start(cursor: string | null): boolean {
    if (this.#stream) return cursor === null || cursor === this.cursor;
    const tell = this.#tell;
    this.#stream = new ActivityStream({
      ...this.#options,
      lastEventId: cursor,
      onActivity: (activity) => {
        this.#isTold = true;
        tell({ type: "activity", activity });
      },
      onReset: (reason) => tell({ type: "reset", reason }),
      onAlert: (alert) => tell({ type: "alert", alert }),
      onCursor: () => {
        if (!this.#isTold) tell({ type: "cursor" });
        this.#isTold = false;
      },
      onStatus: (status) => tell({ type: "status", status }),
      onError: (error) =>
        tell({ type: "error", error, refusal: error instanceof StreamRefusedError ? error.status : null }),
    });
    this.#stream.start();
    return true;
  }

  reconnect(): void {
    // A stream that the server has stopped begins anew.
    if (this.status === "stopped") this.#stream?.start();
    else this.#stream?.reconnect();
  }

  wake(): void {
    this.reconnect();
  }

  close(): void {
    this.#stream?.stop();
  }
}
