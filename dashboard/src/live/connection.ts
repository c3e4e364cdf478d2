/**
 * Keeps one event stream open. The browser reconnects by itself after most troubles and resumes by its
 * Last-Event-ID; this adds what it does not do: reopening a stream that the browser has given up
 * (with backoff and jitter), and noticing a stream that is open but silent.
 */
import { type Frame, readFrame } from "./frames";

export type LiveStatus = "connecting" | "live" | "reconnecting" | "offline";

/** The part of EventSource that is used, so that tests can bring their own. */
export interface StreamSource {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent<string>) => void) | null;
  addEventListener(type: "heartbeat", listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface ConnectionOptions {
  path: string;
  filter: URLSearchParams;
  /** The cursor to resume after, usually the head of the list that is on the screen. */
  resumeAfter: string | null;
  onFrame: (frame: Frame) => void;
  onStatus: (status: LiveStatus) => void;
  /** The browser gave up, for example because the session ended. It will be tried again all the same. */
  onClosed?: () => void;
  open?: (url: string) => StreamSource;
  random?: () => number;
}

/** Heartbeats come every 15 s; after three missing ones the stream counts as dead. */
export const SILENCE_LIMIT_MS = 45_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const CLOSED = 2;

export class LiveConnection {
  private readonly options: ConnectionOptions;
  private source: StreamSource | null = null;
  private cursor: string | null;
  private failures = 0;
  private opened = false;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.cursor = options.resumeAfter;
  }

  start(): void {
    window.addEventListener("online", this.reopen);
    window.addEventListener("offline", this.reportTrouble);
    this.open();
  }

  stop(): void {
    window.removeEventListener("online", this.reopen);
    window.removeEventListener("offline", this.reportTrouble);
    this.drop();
  }

  private open(): void {
    this.drop();
    if (!this.opened) this.options.onStatus("connecting");
    const create = this.options.open ?? ((url: string): StreamSource => new EventSource(url));
    const source = create(this.url());
    source.onopen = () => this.heard();
    source.onerror = () => this.failed();
    source.onmessage = (event) => this.received(event);
    source.addEventListener("heartbeat", (event) => this.advance(event));
    this.source = source;
    this.watch();
  }

  private url(): string {
    const query = new URLSearchParams(this.options.filter);
    if (this.cursor) query.set("last_event_id", this.cursor);
    const search = query.toString();
    return search ? `${this.options.path}?${search}` : this.options.path;
  }

  private received(event: MessageEvent<string>): void {
    this.advance(event);
    const frame = readFrame(event.data);
    if (frame) this.options.onFrame(frame);
  }

  private advance(event: MessageEvent<string>): void {
    if (event.lastEventId) this.cursor = event.lastEventId;
    this.failures = 0;
    this.heard();
  }

  private heard(): void {
    this.opened = true;
    this.options.onStatus("live");
    this.watch();
  }

  private failed(): void {
    this.reportTrouble();
    if (this.source?.readyState !== CLOSED) return;
    this.drop();
    this.options.onClosed?.();
    const random = this.options.random ?? Math.random;
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.failures);
    this.failures += 1;
    // Half fixed, half random: many dashboards that lost one server come back spread out.
    this.retry = setTimeout(() => this.open(), ceiling / 2 + (random() * ceiling) / 2);
  }

  private readonly reportTrouble = (): void => {
    this.options.onStatus(navigator.onLine === false ? "offline" : "reconnecting");
  };

  private readonly reopen = (): void => {
    this.reportTrouble();
    this.open();
  };

  private watch(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(this.reopen, SILENCE_LIMIT_MS);
  }

  private drop(): void {
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    if (!this.source) return;
    this.source.onopen = null;
    this.source.onerror = null;
    this.source.onmessage = null;
    this.source.close();
    this.source = null;
  }
}
