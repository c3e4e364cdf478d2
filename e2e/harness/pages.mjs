// @ts-check
/** Another site: the files of this folder over HTTP, from an origin that is not Livetrail's. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const ROOT = new URL("..", import.meta.url);
/** @type {Record<string, string>} */
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };

/** @type {import("node:http").RequestListener} */
async function answer(request, response) {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  try {
    const content = await readFile(new URL(`.${pathname}`, ROOT));
    response.writeHead(200, { "Content-Type": TYPES[extname(pathname)] ?? "application/octet-stream" });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}

export class Pages {
  /** @param {import("node:http").Server} server */
  constructor(server) {
    this.server = server;
    const address = /** @type {import("node:net").AddressInfo} */ (server.address());
    this.origin = `http://127.0.0.1:${address.port}`;
  }

  static async serve() {
    const server = createServer(answer).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Pages(server);
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
