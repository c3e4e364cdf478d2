/** Tabs of a browser: each has a stream, and they share locks and channels, as pages of one origin do. */
import { EventSource } from "eventsource";
import type { ConnectionOptions } from "../../src/stream/own-stream.js";
import type { StreamSignal } from "../../src/stream/signal.js";
import { TabStream } from "../../src/stream/tabs/tab-stream.js";

type Grant = () => Promise<void> | undefined;

/** Web Locks of one name, as far as tabs use them. */
class Locks {
  #waiting: (() => void)[] = [];
  #holder: ((error: Error) => void) | null = null;

  request = (_: string, options: LockOptions, grant: Grant): Promise<void> =>
    new Promise((resolve, reject) => {
      const stopped = () => reject(new DOMException("", "AbortError"));
      const take = () => {
        options.signal?.removeEventListener("abort", leave);
        this.#holder = reject;
        const held = grant() ?? Promise.resolve();
        void held.then(() => {
          resolve();
          if (this.#holder === reject) this.#next();
        });
      };
      const leave = () => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== take);
        stopped();
      };
      options.signal?.addEventListener("abort", leave);
      if (options.steal) {
        this.#holder?.(new DOMException("", "AbortError"));
        take();
      } else if (this.#holder) this.#waiting.push(take);
      else take();
    });

  #next(): void {
    this.#holder = null;
    this.#waiting.shift()?.();
  }
}

/** A channel of a tab that may be frozen: then it says nothing, and hears everything only when it thaws. */
class TabChannel extends BroadcastChannel {
  static readonly frozen = new Set<TabChannel>();
  #unheard: MessageEvent[] = [];

  override set onmessage(listener: (event: MessageEvent) => void) {
    super.onmessage = (event: MessageEvent) => {
      if (TabChannel.frozen.has(this)) this.#unheard.push(event);
      else listener(event);
    };
    this.#listener = listener;
  }

  #listener: (event: MessageEvent) => void = () => {};

  override postMessage(message: unknown): void {
    if (!TabChannel.frozen.has(this)) super.postMessage(message);
  }

  thaw(): void {
    TabChannel.frozen.delete(this);
    for (const event of this.#unheard.splice(0)) this.#listener(event);
  }

  /** What it has not heard it never hears. */
  lose(): void {
    this.#unheard = [];
    TabChannel.frozen.delete(this);
  }
}

export class Browser {
  readonly #locks: Pick<LockManager, "request">;
  readonly #name = `test-${Math.floor(performance.now() * 1_000)}-${process.pid}`;
  readonly #tabs: Tab[] = [];

  constructor(locks: Pick<LockManager, "request"> = new Locks() as never) {
    this.#locks = locks;
  }

  open(url: string, start?: string | null, token?: string): Tab {
    const tab = new Tab({ url, token }, this.#name, this.#locks);
    this.#tabs.push(tab);
    if (start !== undefined) tab.stream.start(start);
    return tab;
  }

  [Symbol.dispose](): void {
    for (const tab of this.#tabs) tab.close();
  }
}

export class Tab {
  readonly stream: TabStream;
  readonly positions: number[] = [];
  /** The kinds of what it has said to other tabs. */
  readonly said: string[] = [];
  readonly statuses: string[] = [];
  #channel: TabChannel | null = null;

  constructor(options: ConnectionOptions, name: string, locks: Pick<LockManager, "request">) {
    const keep = (channel: TabChannel) => {
      this.#channel = channel;
    };
    const { said } = this;
    class Channel extends TabChannel {
      constructor(name: string) {
        super(name);
        keep(this);
      }

      override postMessage(message: { type: string }): void {
        said.push(message.type);
        super.postMessage(message);
      }
    }
    const platform = { locks, Channel: Channel as never, answerMs: 200 };
    const tell = (signal: StreamSignal) => {
      if (signal.type === "activity") this.positions.push(signal.activity.position);
      if (signal.type === "status") this.statuses.push(signal.status);
    };
    this.stream = new TabStream({ ...options, EventSource }, tell, Promise.resolve(name), platform);
  }

  /** Stops all that it says and hears, though its connection stays open. */
  freeze(): void {
    if (this.#channel) TabChannel.frozen.add(this.#channel);
  }

  thaw(): void {
    this.#channel?.thaw();
  }

  /** It goes on without what was said meanwhile. */
  lose(): void {
    this.#channel?.lose();
  }

  close(): void {
    this.stream.close();
  }
}
