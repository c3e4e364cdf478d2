/** A feed's hold on its stream, and on the list beside it. */
import type { StreamStatus } from "../stream/activity-stream.js";
import { DEFAULT_URL } from "../stream/address.js";
import { identityOf } from "../stream/identity.js";
import { type ConnectionOptions, openStream } from "../stream/open-stream.js";
import { SharedStream } from "../stream/shared-stream.js";
import type { StreamListener } from "../stream/signal.js";
import type { CurrentOptions, UseActivityStreamOptions } from "./options.js";
import { ActivityListError, type ActivityPage, fetchPage, listUrlOf, type Older } from "./page.js";

export class Connection {
  readonly #options: CurrentOptions;
  readonly #listener: StreamListener;
  #stream: SharedStream;
  #leave: () => void;

  constructor(options: CurrentOptions, listener: StreamListener) {
    this.#options = options;
    this.#listener = listener;
    const { share = true } = options.current;
    this.#stream = this.#shared(share);
    this.#leave = this.#stream.subscribe(listener);
  }

  get status(): StreamStatus {
    return this.#stream.status;
  }

  get cursor(): string | null {
    return this.#stream.cursor;
  }

  ready(): Promise<void> {
    return this.#stream.ready();
  }

  /** Follows from this cursor, or from now. False if the stream is open already, at another place. */
  start(cursor: string | null): boolean {
    return this.#stream.start(cursor);
  }

  /** Follows from this cursor by a connection that is shared with nothing. */
  startAlone(cursor: string): void {
    this.#leave();
    this.#stream = this.#shared(false);
    this.#leave = this.#stream.subscribe(this.#listener);
    this.#stream.start(cursor);
  }

  reconnect(): void {
    this.#stream.reconnect();
  }

  close(): void {
    this.#leave();
  }

  /** A function gives another token once, because the first one may have ended while it was on its way. */
  async page(limit: number, older: Older | null, signal: AbortSignal): Promise<ActivityPage> {
    try {
      return await this.#page(limit, older, signal);
    } catch (error) {
      const isRefused = error instanceof ActivityListError && error.status === 401;
      if (!isRefused || typeof this.#options.current.token !== "function") throw error;
      return this.#page(limit, older, signal);
    }
  }

  async #page(limit: number, older: Older | null, signal: AbortSignal): Promise<ActivityPage> {
    const { url = DEFAULT_URL, listUrl = listUrlOf(url), filter } = this.#options.current;
    const { withCredentials = false, fetch = globalThis.fetch, tokenParameter } = this.#options.current;
    // A ticket opens a stream, once: a list has to do with cookies.
    const token = tokenParameter === "ticket" ? null : await tokenOf(this.#options.current.token);
    return fetchPage({ listUrl, filter, token, withCredentials, fetch }, limit, older, signal);
  }

  #shared(share: boolean | string): SharedStream {
    const { url, filter, token, tokenParameter, withCredentials, EventSource } = this.#options.current;
    const current = this.#options;
    const options: ConnectionOptions = { url, filter, token, tokenParameter, withCredentials, EventSource };
    // The newest function gives the token, though it may be another at every render.
    const latest = async () => (await tokenOf(current.current.token)) ?? "";
    const asking = { ...options, ...(typeof token === "function" && { token: latest }) };
    const { page, tabs } = identityOf(options, share);
    return SharedStream.of(page, (tell) => openStream(asking, tell, tabs));
  }
}

async function tokenOf(token: UseActivityStreamOptions["token"]): Promise<string | null> {
  return (typeof token === "function" ? await token() : token) || null;
}
