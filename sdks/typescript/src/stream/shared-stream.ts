/** One stream for all that follow the same: the connection of a page, however many hooks it has. */
import type { StreamStatus } from "./activity-stream.js";
import type { StreamListener, StreamSignal, StreamSource } from "./signal.js";

type Open = (tell: StreamListener) => StreamSource;

/** Bundles of one page may each have a copy of this module; they share the connections all the same. */
const PLACE = Symbol.for("livetrail.streams");
const page = globalThis as { [PLACE]?: Map<string, SharedStream> };

export class SharedStream {
  readonly #listeners = new Set<StreamListener>();
  readonly #source: StreamSource;
  readonly #forget: () => void;

  private constructor(open: Open, forget: () => void) {
    this.#source = open((signal) => this.#tell(signal));
    this.#forget = forget;
  }

  /** The stream of this name, which `open` makes if there is none. Without a name it is shared with nothing. */
  static of(name: string | null, open: Open): SharedStream {
    if (name === null) return new SharedStream(open, () => {});
    page[PLACE] ??= new Map();
    const streams = page[PLACE];
    const found = streams.get(name) ?? new SharedStream(open, () => streams.delete(name));
    streams.set(name, found);
    return found;
  }

  get status(): StreamStatus {
    return this.#source.status;
  }

  get cursor(): string | null {
    return this.#source.cursor;
  }

  ready(): Promise<void> {
    return this.#source.ready();
  }

  start(cursor: string | null): boolean {
    return this.#source.start(cursor);
  }

  reconnect(): void {
    this.#source.reconnect();
  }

  /** Listens until the function that is returned is called. The last one to leave closes the stream. */
  subscribe(listener: StreamListener): () => void {
    this.#listeners.add(listener);
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#forget();
      this.#source.close();
    };
  }

  #tell(signal: StreamSignal): void {
    for (const listener of [...this.#listeners]) listener(signal);
  }
}
