/** A real HTTP server that answers as a test says, one request after another, and remembers what it was sent. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  /** The body as JSON, inflated. */
  body: unknown;
  /** The activities in it. */
  activities: Record<string, unknown>[];
  at: number;
}

export type Scripted =
  | "network error"
  | { status: number; headers?: Record<string, string>; body?: unknown; after?: Promise<unknown> };

export type Script = (request: Received, index: number) => Scripted | Promise<Scripted>;

export class ScriptedServer {
  readonly received: Received[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #script: Script;
  #arrivals: { count: number; resolve: () => void }[] = [];

  private constructor(script: Script) {
    this.#script = script;
  }

  static async start(script: Script = stored): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(script);
    await new Promise<void>((resolve) => scripted.#server.listen(0, "127.0.0.1", resolve));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Every activity of every request, in order. */
  get activities(): Record<string, unknown>[] {
    return this.received.flatMap(({ activities }) => activities);
  }

  /** Resolves when so many requests have arrived. */
  arrived(count: number): Promise<void> {
    if (this.received.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#arrivals.push({ count, resolve }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await read(request);
    this.received.push(received);
    const due = this.#arrivals.filter(({ count }) => count <= this.received.length);
    this.#arrivals = this.#arrivals.filter(({ count }) => count > this.received.length);
    for (const { resolve } of due) resolve();
    const answer = await this.#script(received, this.received.length - 1);
    if (answer === "network error") {
      request.socket.destroy();
      return;
    }
    await answer.after;
    response.writeHead(answer.status, answer.headers);
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? null));
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw).toString();
  const body: unknown = JSON.parse(text);
  const { method = "", url: path = "", headers } = request;
  return {
    method,
    path,
    headers,
    body,
    activities: [body].flat() as Received["activities"],
    at: performance.now(),
  };
}

/** What the server answers when it has stored everything. */
export function stored({ method, path, body, activities }: Received): Scripted {
  if (method === "PUT") {
    const user_id = decodeURIComponent(path.slice("/api/users/".length));
    return { status: 200, body: { user_id, ...(body as object) } };
  }
  const results = activities.map(({ id }, index) => ({ index, id, position: index + 1, duplicate: false }));
  if (!Array.isArray(body)) return { status: 201, body: { ...results[0], timestamp: 1 } };
  return { status: 200, body: { accepted: results.length, duplicates: 0, rejected: [], results } };
}

/** An error as the server tells it. */
export function problem(status: number, headers: Record<string, string> = {}): Scripted {
  return { status, headers, body: { type: "about:blank", title: "no", status, detail: "no", errors: [] } };
}

/** A promise and what resolves it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
