/** A real HTTP server with an event stream that a test writes, and a log to list and to resume from. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { StoredActivity } from "../../src/react.js";

/** How a connection is answered: with a status, or with the stream. */
export type Reception = number | "stream";

/** An activity of the log: its position, and the second of the day at which it happened. */
interface Entry {
  position: number;
  second: number;
  fields: Partial<StoredActivity>;
}

export interface Visit {
  /** The parameters of the address. */
  query: URLSearchParams;
  path: string;
  /** What the header says, which a source sends that comes back by itself. */
  lastEventId: string | null;
}

export class SseServer {
  readonly visits: Visit[] = [];
  /** The parameters of each list that was asked for. */
  readonly lists: URLSearchParams[] = [];
  /** The headers of each request, for lists and for streams. */
  readonly headers: IncomingMessage["headers"][] = [];
  /** What happens between the reading of a list and its answer; or the status that it is answered with. */
  onList: (parameters: URLSearchParams) => number | Promise<number> = () => 200;
  /** How often a stream was asked for without opening it. */
  heads = 0;
  #lastReception: Reception = "stream";
  readonly #log: Entry[] = [];
  readonly #open = new Set<ServerResponse>();
  readonly #receive: (visit: Visit, index: number) => Reception;
  #arrivals: { count: number; resolve: () => void }[] = [];
  readonly #server = createServer((request, response) => this.#visit(request, response));

  private constructor(receive: (visit: Visit, index: number) => Reception) {
    this.#receive = receive;
  }

  static async start(
    receive: (visit: Visit, index: number) => Reception = () => "stream",
  ): Promise<SseServer> {
    const server = new SseServer(receive);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/api/admin/activity/stream`;
  }

  /** Resolves when so many connections have come. */
  arrived(count: number): Promise<void> {
    if (this.visits.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#arrivals.push({ count, resolve }));
  }

  /** How many streams are open. */
  get openStreams(): number {
    return this.#open.size;
  }

  /** Stores activities and pushes them to all open streams. */
  append(...positions: number[]): void {
    for (const position of positions) this.appendAt(position, position);
  }

  /** Stores an activity of another time than its position has. */
  appendAt(position: number, second: number): void {
    this.#append({ position, second, fields: {} });
  }

  /** Stores an activity that has these fields. */
  appendWith(position: number, fields: Partial<StoredActivity>, second = position): void {
    this.#append({ position, second, fields });
  }

  #append(entry: Entry): void {
    this.#log.push(entry);
    this.push(frameOf(entry));
  }

  /** Sends any frame to all open streams. */
  push(frame: string): void {
    for (const response of this.#open) response.write(frame);
  }

  /** Ends every stream, after what was sent. */
  end(): void {
    for (const response of this.#open) response.end();
    this.#open.clear();
  }

  /** Cuts every stream. */
  cut(): void {
    for (const response of this.#open) response.destroy();
    this.#open.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #visit(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    this.headers.push(request.headers);
    if (!pathname.endsWith("/stream")) {
      void this.#list(searchParams, response);
      return;
    }
    if (request.method === "HEAD") {
      this.heads += 1;
      response.writeHead(this.#lastReception === "stream" ? 200 : this.#lastReception).end();
      return;
    }
    const header = request.headers["last-event-id"];
    const visit = {
      path: pathname,
      query: searchParams,
      lastEventId: header === undefined ? null : String(header),
    };
    this.visits.push(visit);
    const reception = this.#receive(visit, this.visits.length - 1);
    this.#lastReception = reception;
    if (reception === "stream") this.#stream(visit, response);
    else response.writeHead(reception).end();
    const due = this.#arrivals.filter(({ count }) => count <= this.visits.length);
    this.#arrivals = this.#arrivals.filter(({ count }) => count > this.visits.length);
    for (const { resolve } of due) resolve();
  }

  #stream({ query, lastEventId }: Visit, response: ServerResponse): void {
    const cursor = lastEventId ?? query.get("last_event_id");
    const from = cursor === null ? this.#head : Number(cursor.slice(2));
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`retry: 1\nid: e-${from}\ndata: {"type":"connected"}\n\n`);
    response.write(
      this.#log
        .filter(({ position }) => position > from)
        .map(frameOf)
        .join(""),
    );
    this.#open.add(response);
    response.on("close", () => this.#open.delete(response));
  }

  get #head(): number {
    return this.#log.at(-1)?.position ?? 0;
  }

  /** A cursor is the head that it pins, and how many were read. */
  async #list(parameters: URLSearchParams, response: ServerResponse): Promise<void> {
    this.lists.push(parameters);
    const [head, read] = (parameters.get("cursor") ?? `${this.#head}-0`).split("-").map(Number) as [
      number,
      number,
    ];
    const until = parameters.get("date_to") ?? "9";
    const limit = Number(parameters.get("limit"));
    const all = this.#log
      .filter(({ position, second }) => position <= head && timeOf(second) <= until)
      .sort((a, b) => b.second - a.second || b.position - a.position);
    const data = all.slice(read, read + limit).map(activity);
    const next_cursor = read + limit < all.length ? `${head}-${read + limit}` : null;
    const status = await this.onList(parameters);
    const body = status === 200 ? { data, next_cursor, head_cursor: `e-${head}` } : { status, detail: "no" };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }
}

function timeOf(second: number): string {
  return new Date(second * 1_000).toISOString().replace("Z", "000Z");
}

function activity({ position, second, fields }: Entry): StoredActivity {
  const occurred_at = timeOf(second);
  return {
    ...UNKNOWN,
    id: `id-${position}`,
    position,
    timestamp: second,
    occurred_at,
    created_at: occurred_at,
    description: `activity ${position}`,
    ...fields,
  };
}

const UNKNOWN = {
  timestamp_adjusted: false,
  user_id: "u-1",
  user_email: null,
  user_display_name: null,
  action_type: "test",
  icon: "activity",
  category: "other",
  severity: "info",
  endpoint: null,
  http_method: null,
  status_code: null,
  success: true,
  error_message: null,
  error_type: null,
  target_user_id: null,
  target_resource_id: null,
  resource_type: null,
  details: null,
  changes: null,
  duration_ms: null,
  db_query_count: null,
  ip_address: null,
  user_agent: null,
  device: null,
  is_admin: false,
  delegate_id: null,
  delegate_type: null,
  via: null,
  session_id: null,
  request_id: null,
  trace_id: null,
  tenant_id: null,
};

function frameOf(entry: Entry): string {
  const data = { type: "new_activity", data: activity(entry) };
  return `id: e-${entry.position}\ndata: ${JSON.stringify(data)}\n\n`;
}

export function activityFrame(position: number, second = position): string {
  return frameOf({ position, second, fields: {} });
}
