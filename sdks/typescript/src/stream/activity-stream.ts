/**
 * Follows the log over an EventSource: every activity once, in order, without a gap, over restarts of the server and
 * cut connections. An EventSource reconnects by itself after most failures and resumes by its Last-Event-ID. This class
 * adds two things: it reconnects where an EventSource has given up, and notices a stream that is open but silent.
 */
import type { StoredActivity } from "../activity.js";
import { asError, call } from "../callback.js";
import { unref } from "../send/pause.js";
import { type ActivityFilter, DEFAULT_URL, streamAddress } from "./address.js";
import { type Frame, readFrame } from "./frames.js";
import { StreamRefusedError, statusOf } from "./refusal.js";

export type StreamStatus = "connecting" | "live" | "reconnecting" | "stopped";

/** The part of an event that is used. npm's `eventsource` adds the HTTP status as `code`. */
export interface StreamEvent {
  readonly type: string;
  readonly data?: unknown;
  readonly lastEventId?: string;
  readonly code?: number | undefined;
}

/** The part of EventSource that is used. */
export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: StreamEvent) => void): void;
  close(): void;
}

export type EventSourceConstructor = new (
  url: string,
  init?: { withCredentials?: boolean },
) => EventSourceLike;

export interface ActivityStreamOptions {
  /** Default: `/api/admin/activity/stream` of the page's own origin. */
  url?: string | undefined;
  /** A JWT or key, or what gives one: it is asked again for each connection. Without it cookies have to do. */
  token?: string | (() => string | Promise<string>) | undefined;
  /** The parameter that carries the token. `ticket` is for single-use tickets. Default: `token`. */
  tokenParameter?: "token" | "ticket" | undefined;
  /** The same filters as the list takes. */
  filter?: ActivityFilter | undefined;
  /** The cursor to go on from, such as the `head_cursor` of a list. Default: from now. */
  lastEventId?: string | null | undefined;
  /** Whether cookies go to another origin. */
  withCredentials?: boolean | undefined;
  /** Default: the global one. Node 20 has none; npm's `eventsource` does. */
  EventSource?: EventSourceConstructor | undefined;
  /**
   * Reads the JSON of a message. Default: `JSON.parse`, which rounds integers above 2^53. Another parser may keep them
   * in `details` and `changes`. It has to read `position` as a number.
   */
  parse?: ((text: string) => unknown) | undefined;
  onActivity?: ((activity: StoredActivity) => void) | undefined;
  onStatus?: ((status: StreamStatus) => void) | undefined;
  /** The cursor is of another log or too old: what was read before has to be read again. */
  onReset?: ((reason: string) => void) | undefined;
  onAlert?: ((alert: unknown) => void) | undefined;
  /** Told of each place that the stream reaches, heartbeats included, after the activity that is there. */
  onCursor?: ((cursor: string) => void) | undefined;
  /** Told why the stream is not live. It is tried again all the same. */
  onError?: ((error: Error) => void) | undefined;
}

const CLOSED = 2;
const NO_CONTENT = 204;
const HEARTBEAT_MS = 15_000;
/** A heartbeat that is so late is lost, and the stream is dead: at most 5 seconds, or one and a half heartbeats. */
const MAX_LATE_MS = 5_000;
const LATE_HEARTBEATS = 1.5;
/** How long a stream that was asked to come back may take before it counts as cut. */
const COMEBACK_MS = 2_000;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

export class ActivityStream {
  readonly #options: ActivityStreamOptions;
  #source: EventSourceLike | null = null;
  #status: StreamStatus = "stopped";
  #cursor: string | null;
  /** Of the last activity: positions grow along a stream, so one that does not is a repetition. */
  #position = 0;
  #failures = 0;
  /** How the stream was answered since it was live. */
  #refusal: StreamRefusedError | null = null;
  /** Whether it was asked how, since it was live. */
  #isAsked = false;
  #silenceMs = silenceOf(HEARTBEAT_MS);
  #silence: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** When the stream last gave a sign of life, or was asked for one, by the clock of this device. */
  #heardAt = Date.now();
  #retryAt: number | null = null;
  /** The server has said that it ends the stream and wants it back at once, which is no trouble. */
  #isAwaited = false;
  /** Counts connections: what a former one still says does not count. */
  #connection = 0;

  constructor(options: ActivityStreamOptions = {}) {
    this.#options = options;
    this.#cursor = options.lastEventId ?? null;
  }

  get status(): StreamStatus {
    return this.#status;
  }

  /** Where the stream has got to; another stream that begins with it goes on from there. */
  get lastEventId(): string | null {
    return this.#cursor;
  }

  /** How long the stream may say nothing before it counts as dead. */
  get silenceMs(): number {
    return this.#silenceMs;
  }

  /** Since when the stream is silent: its last sign of life, or the begin of its last attempt. Epoch milliseconds. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** When it tries again; null while a connection is open or on its way. Epoch milliseconds. */
  get retryAt(): number | null {
    return this.#retryAt;
  }

  /** Begins to follow. */
  start(): void {
    if (this.#status !== "stopped") return;
    this.#failures = 0;
    this.#become("connecting");
    globalThis.addEventListener?.("online", this.reconnect);
    void this.#connect();
  }

  /** Closes the stream. It may be started again, and then goes on where it was. */
  stop(): void {
    globalThis.removeEventListener?.("online", this.reconnect);
    this.#drop();
    this.#become("stopped");
  }

  /** Connects anew at once, going on where the stream is. */
  readonly reconnect = (): void => {
    if (this.#status === "stopped") return;
    this.#failures = 0;
    this.#become("reconnecting");
    void this.#connect();
  };

  async #connect(): Promise<void> {
    this.#drop();
    this.#heardAt = Date.now();
    const connection = this.#connection;
    try {
      const { url = DEFAULT_URL, filter, tokenParameter = "token", token } = this.#options;
      const value = typeof token === "function" ? await token() : token;
      if (connection !== this.#connection) return;
      const credential = value ? ([tokenParameter, value] as const) : null;
      this.#open(streamAddress({ url, filter, credential, lastEventId: this.#cursor }));
    } catch (error) {
      if (connection === this.#connection) this.#retryLater(asError(error));
    }
  }

  #open(url: string): void {
    const Source =
      this.#options.EventSource ?? (globalThis.EventSource as EventSourceConstructor | undefined);
    if (!Source)
      throw new Error("this runtime has no EventSource: pass one, such as that of npm's eventsource");
    const connection = this.#connection;
    const source = new Source(url, { withCredentials: this.#options.withCredentials ?? false });
    const listen = (type: string, act: (event: StreamEvent) => void) =>
      source.addEventListener(type, (event) => {
        if (connection === this.#connection) act(event);
      });
    listen("open", () => this.#heard());
    listen("message", (event) => this.#received(event));
    listen("heartbeat", (event) => {
      this.#advance(event);
      this.#reached();
    });
    listen("comeback", () => {
      this.#isAwaited = true;
    });
    listen("error", (event) => this.#failed(source, url, event));
    this.#source = source;
    this.#watch();
  }

  #received(event: StreamEvent): void {
    this.#advance(event);
    const frame = readFrame(event.data, this.#options.parse);
    if (!frame || this.#call(() => this.#handle(frame))) this.#reached();
  }

  #reached(): void {
    const cursor = this.#cursor;
    if (cursor !== null) this.#call(() => this.#options.onCursor?.(cursor));
  }

  /** What a callback throws must not keep the next frames from it. False if it has thrown. */
  #call(callback: () => unknown): boolean {
    let isDone = true;
    call(callback, (error) => {
      isDone = false;
      this.#tell(asError(error));
    });
    return isDone;
  }

  #tell(error: Error): void {
    call(() => this.#options.onError?.(error));
  }

  #handle(frame: Frame): unknown {
    const { onActivity, onReset, onAlert } = this.#options;
    if (frame.type === "new_activity") {
      if (frame.data.position <= this.#position) return;
      this.#position = frame.data.position;
      return onActivity?.(frame.data);
    }
    if (frame.type === "reset") {
      this.#position = 0;
      return onReset?.(frame.reason ?? "");
    }
    if (frame.type === "alert") return onAlert?.(frame.data);
    if (frame.type === "connected" && frame.heartbeat_seconds) {
      this.#silenceMs = silenceOf(frame.heartbeat_seconds * 1_000);
      this.#watch();
    }
    return undefined;
  }

  #advance(event: StreamEvent): void {
    if (event.lastEventId) this.#cursor = event.lastEventId;
    this.#failures = 0;
    this.#heard();
  }

  #heard(): void {
    this.#refusal = null;
    this.#isAsked = false;
    this.#heardAt = Date.now();
    this.#become("live");
    this.#watch();
  }

  #failed(source: EventSourceLike, url: string, event: StreamEvent): void {
    if (event.code === NO_CONTENT) {
      this.stop();
      return;
    }
    if (event.code) this.#refusal = new StreamRefusedError(event.code);
    const error = this.#refusal ?? new Error("the stream was cut or refused");
    const isGivenUp = source.readyState === CLOSED;
    const wasAwaited = this.#isAwaited && !isGivenUp;
    this.#isAwaited = false;
    // A token of a function may be good for one connection only, so the source must not come back with it by itself.
    if (isGivenUp || typeof this.#options.token === "function") this.#retryLater(error);
    else if (wasAwaited) this.#watch(COMEBACK_MS);
    else this.#trouble(error);
    if (isGivenUp && !this.#refusal && !this.#isAsked) void this.#explain(url);
  }

  /**
   * Tells why the source has given up: once until the stream is live again, or again if there was no answer. The
   * stream is tried again all the same.
   */
  async #explain(url: string): Promise<void> {
    this.#isAsked = true;
    const status = await statusOf(url, this.#options.withCredentials ?? false);
    if (this.#status === "live" || this.#status === "stopped") return;
    if (status === NO_CONTENT) this.stop();
    else if (status === null) this.#isAsked = false;
    else if (status >= 400) {
      this.#refusal = new StreamRefusedError(status);
      this.#tell(this.#refusal);
    }
  }

  #trouble(error: Error): void {
    if (this.#status === "live") this.#become("reconnecting");
    this.#tell(error);
  }

  /** Full jitter: many readers that lost the same server must not come back at the same moment. */
  #retryLater(error: Error): void {
    this.#drop();
    const delay = Math.random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    this.#retryAt = Date.now() + delay;
    this.#retry = setTimeout(() => void this.#connect(), delay);
    this.#trouble(error);
  }

  #watch(milliseconds = this.#silenceMs): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#trouble(new Error("the stream was silent for too long"));
      void this.#connect();
    }, milliseconds);
    // The connection is what keeps a process alive, not the watch over it.
    unref(this.#silence);
  }

  #become(status: StreamStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#call(() => this.#options.onStatus?.(status));
  }

  #drop(): void {
    this.#connection += 1;
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#retryAt = null;
    this.#source?.close();
    this.#source = null;
  }
}

const silenceOf = (heartbeatMs: number): number =>
  heartbeatMs + Math.min(MAX_LATE_MS, LATE_HEARTBEATS * heartbeatMs);
