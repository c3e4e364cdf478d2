/**
 * The stream over a WebSocket, as an EventSource. Browsers allow six HTTP/1.1 connections to a host, for all tabs
 * together, and an event stream keeps one of them. WebSockets are not among these six.
 */
import type { EventSourceLike, StreamEvent } from "@livetrail/sdk";

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

type Listener = (event: StreamEvent) => void;

/** What both sources have in common: those who listen, and that it ends once. */
abstract class Source implements EventSourceLike {
  readyState = CONNECTING;
  private readonly listeners: [type: string, listener: Listener][] = [];

  addEventListener(type: string, listener: Listener): void {
    this.listeners.push([type, listener]);
  }

  protected tell(event: StreamEvent): void {
    if (this.readyState === CLOSED && event.type !== "error") return;
    for (const [type, listener] of this.listeners) if (type === event.type) listener(event);
  }

  abstract close(): void;
}

/** The address of the WebSocket with the parameters of an event stream. */
export function socketAddress(streamUrl: string, page: string): string {
  const url = new URL(streamUrl, page);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.pathname = url.pathname.replace(/\/stream$/, "/ws");
  return url.href;
}

/** How many sources in a row ended before they had opened. */
let unopened = 0;
/** A proxy may let no WebSocket through, so every third attempt in a row is an event stream. */
const EVENTS_EACH = 3;

class SocketSource extends Source {
  private readonly socket: WebSocket;

  constructor(url: string) {
    super();
    this.socket = new WebSocket(socketAddress(url, window.location.href));
    this.socket.onopen = () => {
      unopened = 0;
      this.readyState = OPEN;
      this.tell({ type: "open" });
    };
    this.socket.onmessage = ({ data }) => this.tell(eventOf(String(data)));
    this.socket.onclose = () => {
      if (this.readyState === CLOSED) return;
      if (this.readyState === CONNECTING) unopened += 1;
      this.readyState = CLOSED;
      this.tell({ type: "error" });
    };
  }

  close(): void {
    this.readyState = CLOSED;
    this.socket.close();
  }
}

/** An EventSource that does not try by itself before it was open, so that a WebSocket has its turn. */
class EventsSource extends Source {
  private readonly source: EventSource;

  constructor(url: string) {
    super();
    this.source = new EventSource(url);
    this.source.addEventListener("open", () => {
      this.readyState = OPEN;
      this.tell({ type: "open" });
    });
    for (const type of ["message", "heartbeat", "comeback"]) {
      this.source.addEventListener(type, ({ data, lastEventId }) => this.tell({ type, data, lastEventId }));
    }
    this.source.addEventListener("error", () => {
      if (this.readyState === CONNECTING) unopened += 1;
      this.close();
      this.tell({ type: "error" });
    });
  }

  close(): void {
    this.readyState = CLOSED;
    this.source.close();
  }
}

/** A message of a WebSocket has its cursor in `id`, and heartbeats are messages. */
function eventOf(data: string): StreamEvent {
  try {
    const { type, id } = JSON.parse(data) as { type?: unknown; id?: unknown };
    const lastEventId = typeof id === "string" ? id : "";
    return { type: type === "heartbeat" ? "heartbeat" : "message", data, lastEventId };
  } catch {
    return { type: "message", data, lastEventId: "" };
  }
}

const isSocketDue = () => unopened % EVENTS_EACH !== EVENTS_EACH - 1;

/** Opens a stream by what gets through. `new` gives one of the two sources. */
export const LiveSource = function openSource(url: string): EventSourceLike {
  return isSocketDue() ? new SocketSource(url) : new EventsSource(url);
} as unknown as new (
  url: string,
) => EventSourceLike;
