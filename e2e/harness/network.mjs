// @ts-check
/** A network between a page and the server, which can be cut or die, by a proxy that passes bytes on. */
import { once } from "node:events";
import { connect, createServer } from "node:net";

export class Network {
  /** @type {"well" | "cut" | "dead"} */
  #state = "well";
  /** @type {Set<import("node:net").Socket>} */
  #sockets = new Set();

  /**
   * @param {import("node:net").Server} proxy
   * @param {string} serverUrl
   */
  constructor(proxy, serverUrl) {
    this.proxy = proxy;
    this.target = new URL(serverUrl);
    const address = /** @type {import("node:net").AddressInfo} */ (proxy.address());
    this.url = `http://127.0.0.1:${address.port}`;
    proxy.on("connection", (socket) => this.#pass(socket));
  }

  /** @param {string} serverUrl */
  static async to(serverUrl) {
    const proxy = createServer().listen(0, "127.0.0.1");
    await once(proxy, "listening");
    return new Network(proxy, serverUrl);
  }

  /**
   * The same address by way of this network.
   * @param {string} url
   */
  through(url) {
    const { pathname, search, hash } = new URL(url);
    return this.url + pathname + search + hash;
  }

  /** @param {import("node:net").Socket} near */
  #pass(near) {
    if (this.#state === "cut") {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(this.target.port), this.target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(from);
      from.on("data", (bytes) => this.#state === "well" && to.write(bytes));
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#sockets.delete(from);
        if (this.#state !== "dead") to.destroy();
      });
    }
  }

  /** Connections break, and new ones are refused. */
  cut() {
    this.#state = "cut";
    this.#drop();
  }

  /** Nothing comes through any more, and neither side is told. */
  die() {
    this.#state = "dead";
  }

  /** New connections come through again; those of a dead network stay dead. */
  mend() {
    this.#state = "well";
  }

  #drop() {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close() {
    this.#drop();
    this.proxy.close();
  }
}
