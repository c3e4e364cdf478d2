/** A real HTTP server with an event stream that a test writes, and a log to resume from. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a connection is answered: with a status, or with the stream. */
export type Reception = number | "stream";

export interface Visit {
  /** The parameters of the address. */
  query: URLSearchParams;
  path: string;
  /** What the header says, which a source sends that comes back by itself. */
  lastEventId: string | null;
}

export class SseServer {
  readonly visits: Visit[] = [];
  readonly #log: number[] = [];
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

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/admin/activity/stream`;
  }

  /** Resolves when so many connections have come. */
  arrived(count: number): Promise<void> {
    if (this.visits.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#arrivals.push({ count, resolve }));
  }

  /** Stores activities and pushes them to whoever is connected. */
  append(...positions: number[]): void {
    this.#log.push(...positions);
    for (const response of this.#open) response.write(positions.map(activityFrame).join(""));
  }

  /** Sends any frame to whoever is connected. */
  push(frame: string): void {
    for (const response of this.#open) response.write(frame);
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
    const header = request.headers["last-event-id"];
    const visit = {
      path: pathname,
      query: searchParams,
      lastEventId: header === undefined ? null : String(header),
    };
    this.visits.push(visit);
    const reception = this.#receive(visit, this.visits.length - 1);
    if (reception === "stream") this.#stream(visit, response);
    else response.writeHead(reception).end();
    const due = this.#arrivals.filter(({ count }) => count <= this.visits.length);
    this.#arrivals = this.#arrivals.filter(({ count }) => count > this.visits.length);
    for (const { resolve } of due) resolve();
  }

  #stream({ query, lastEventId }: Visit, response: ServerResponse): void {
    const cursor = lastEventId ?? query.get("last_event_id");
    const from = cursor === null ? (this.#log.at(-1) ?? 0) : Number(cursor.slice(2));
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`retry: 1\nid: e-${from}\ndata: {"type":"connected"}\n\n`);
    response.write(
      this.#log
        .filter((position) => position > from)
        .map(activityFrame)
        .join(""),
    );
    this.#open.add(response);
    response.on("close", () => this.#open.delete(response));
  }
}

export function activityFrame(position: number): string {
  const data = { type: "new_activity", data: { id: `id-${position}`, position, action_type: "test" } };
  return `id: e-${position}\ndata: ${JSON.stringify(data)}\n\n`;
}
