/** A real HTTP server for a handler from the web's `Request` to its `Response`, as frameworks run it. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";

type Handler = (request: Request) => Promise<Response>;

export class RouteServer {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #handler: Handler;

  private constructor(handler: Handler) {
    this.#handler = handler;
  }

  static async start(handler: Handler): Promise<RouteServer> {
    const server = new RouteServer(handler);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const left = new AbortController();
    response.once("close", () => left.abort());
    const headers = new Headers(request.headers as Record<string, string>);
    const { method = "GET" } = request;
    const asked = new Request(new URL(request.url ?? "", this.origin), {
      method,
      headers,
      signal: left.signal,
    });
    try {
      const answer = await this.#handler(asked);
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      if (answer.body) await pipeline(Readable.fromWeb(answer.body as ReadableStream), response);
      else response.end();
    } catch {
      if (!response.headersSent) response.writeHead(500);
      response.destroy();
    }
  }
}
