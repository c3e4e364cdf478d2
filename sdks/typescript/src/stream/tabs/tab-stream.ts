/**
 * One stream for all tabs. The leader has the connection and tells the others what it brings. Each tab knows the cursor
 * that it has reached, so it can go on by itself without a gap. It does so as the next leader, or alone until it has
 * caught up with the leader. Cursors are opaque: they are compared for equality only.
 */
import { unref } from "../../send/pause.js";
import type { StreamStatus } from "../activity-stream.js";
import { type ConnectionOptions, OwnStream } from "../own-stream.js";
import type { Pulse, StreamListener, StreamSignal, StreamSource } from "../signal.js";
import { Leadership } from "./leadership.js";
import type { Asked, TabMessage, Told } from "./message.js";
import type { TabPlatform } from "./platform.js";

/** Longer than this the list does not wait for the answer of a leader. */
const READY_MS = 300;
/** Of a stream that is not open yet. */
const NO_PULSE = { retryAt: null, silenceMs: 20_000 };
const BEATS_IN_SILENCE = 2.5;
/** A leader that is not live for so many beats lets another tab try: its own token may be what is refused. */
const MAX_BEATS_OFF = 3;

export class TabStream implements StreamSource {
  readonly #options: ConnectionOptions;
  readonly #tell: StreamListener;
  readonly #ready: Promise<void>;
  #settle = () => {};
  #channel: BroadcastChannel | null = null;
  #leadership: Leadership | null = null;
  #isLeader = false;
  #isClosed = false;
  /** The page may not hold locks, so that it could not take over from a leader, and follows none. */
  #isDenied = false;
  /** Whether this tab has asked for the stream. */
  #isStarted = false;
  /** The connection of this tab: of a leader, or of a follower that catches up. */
  #own: OwnStream | null = null;
  #cursor: string | null = null;
  #status: StreamStatus = "connecting";
  #wasLive = false;
  #term = 0;
  readonly #openedAt = Date.now();
  /** What the leader has said last. */
  #leader: Told | null = null;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #beat: ReturnType<typeof setTimeout> | undefined;
  #beatMs = 0;
  #beatsOff = 0;

  constructor(
    options: ConnectionOptions,
    tell: StreamListener,
    name: Promise<string>,
    platform: TabPlatform,
  ) {
    this.#options = options;
    this.#tell = tell;
    this.#ready = new Promise((resolve) => {
      this.#settle = resolve;
    });
    void name.then((name) => this.#join(name, platform)).catch(() => this.#goAlone());
    globalThis.addEventListener?.("pageshow", this.#shown);
  }

  get status(): StreamStatus {
    return this.#status;
  }

  get cursor(): string | null {
    return this.#cursor;
  }

  get pulse(): Pulse {
    return this.#own?.pulse ?? this.#leader?.pulse ?? { ...NO_PULSE, heardAt: this.#openedAt };
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  start(cursor: string | null): boolean {
    if (this.#cursor !== null) return cursor === null || cursor === this.#cursor;
    if (this.#isStarted) return cursor === null;
    this.#isStarted = true;
    this.#cursor = cursor;
    if (this.#isLeader || this.#isDenied) this.#connect();
    else if (this.#leader?.cursor) this.#follow(this.#leader);
    else this.#post({ type: "start", cursor });
    return true;
  }

  reconnect(): void {
    if (this.#own) this.#own.reconnect();
    else this.#post({ type: "reconnect" });
  }

  wake(): void {
    if (this.#own) this.#own.reconnect();
    else if (this.#isStarted || this.#cursor !== null) {
      // What the leader said before the sleep is no reason to rejoin it.
      this.#leader = null;
      this.#connect();
    }
  }

  close(): void {
    this.#isClosed = true;
    globalThis.removeEventListener?.("pageshow", this.#shown);
    clearTimeout(this.#silence);
    clearTimeout(this.#beat);
    this.#leadership?.end();
    this.#channel?.close();
    this.#disconnect();
    this.#settle();
  }

  #join(name: string, { locks, Channel, answerMs }: TabPlatform): void {
    if (this.#isClosed) return;
    this.#channel = new Channel(name);
    this.#channel.onmessage = ({ data }: { data: TabMessage }) => this.#heard(data);
    this.#leadership = new Leadership(locks, name, {
      onLead: () => this.#lead(),
      onLost: () => this.#stepDown(),
      onDenied: () => this.#goAlone(),
    });
    this.#leadership.request();
    this.#post({ type: "hello" });
    if (this.#isStarted) this.#post({ type: "start", cursor: this.#cursor });
    unref(setTimeout(this.#settle, READY_MS));
    this.#watch(answerMs);
  }

  #heard(message: TabMessage): void {
    if (this.#isClosed) return;
    if (message.type === "state" || message.type === "signal") this.#heardLeader(message);
    else if (this.#isLeader) this.#serve(message);
  }

  #serve(asked: Asked): void {
    if (asked.type === "reconnect") this.#own?.reconnect();
    if (asked.type === "start" && !this.#own) {
      this.#isStarted = true;
      this.#cursor ??= asked.cursor;
      this.#connect();
    }
    // A follower asks again when it hears of a stream that is not open, so that is not repeated to it.
    if (asked.type === "hello" || this.#cursor !== null) this.#postState();
  }

  #heardLeader(told: Told): void {
    if (told.term < this.#term || this.#isDenied) return;
    this.#term = told.term;
    this.#leader = told;
    if (this.#isLeader) this.#stepDown();
    this.#watch(told.pulse.silenceMs);
    this.#follow(told);
    this.#settle();
  }

  /** Goes along with the leader, from the same cursor only. */
  #follow(told: Told): void {
    if (told.cursor === null) {
      // The leader may have come after this tab has asked.
      if (this.#isStarted && told.type === "state") this.#post({ type: "start", cursor: this.#cursor });
      return;
    }
    if (this.#own) {
      if (this.#cursor === told.cursor) this.#rejoin(told);
      return;
    }
    const before = (told.type === "signal" && told.before) || told.cursor;
    this.#cursor ??= before;
    if (this.#cursor === before) {
      this.#cursor = told.cursor;
      if (told.type === "signal") this.#say(told.signal);
      this.#become(told.status);
    } else if (this.#cursor !== told.cursor) this.#connect();
  }

  /** What this tab has missed it has caught up with. */
  #rejoin({ status }: Told): void {
    this.#disconnect();
    this.#become(status);
  }

  #lead(): void {
    this.#isLeader = true;
    this.#beatsOff = 0;
    clearTimeout(this.#silence);
    this.#term = Math.max(Date.now(), this.#term + 1);
    if (!this.#own && (this.#isStarted || this.#cursor !== null)) this.#connect();
    this.#postState();
    this.#keepBeating();
    this.#settle();
  }

  #goAlone(): void {
    if (this.#isClosed) return;
    this.#isDenied = true;
    this.#leader = null;
    clearTimeout(this.#silence);
    if (!this.#own && this.#isStarted) this.#connect();
    this.#settle();
  }

  /** Another tab leads. The connection stays until this tab is where the leader is. */
  #stepDown(): void {
    this.#isLeader = false;
    clearTimeout(this.#beat);
    this.#leadership?.request();
    this.#watch(this.#silenceMs);
  }

  /** Opens a connection of this tab's own, where the tab is. */
  #connect(): void {
    const own: OwnStream = new OwnStream(this.#options, (signal) => {
      if (own === this.#own) this.#heardOwn(own, signal);
    });
    this.#own = own;
    own.start(this.#cursor);
  }

  #disconnect(): void {
    const own = this.#own;
    this.#own = null;
    own?.close();
  }

  #heardOwn(own: OwnStream, signal: StreamSignal): void {
    const before = this.#cursor;
    this.#cursor = own.cursor ?? before;
    if (signal.type === "status") this.#become(signal.status);
    else this.#say(signal);
    if (this.#isLeader) {
      this.#post({ type: "signal", before, signal, ...this.#state });
      if (this.#beatMs * BEATS_IN_SILENCE !== this.#silenceMs) this.#keepBeating();
    } else if (this.#leader && this.#leader.cursor === this.#cursor) this.#rejoin(this.#leader);
  }

  #say(signal: StreamSignal): void {
    if (signal.type !== "status") this.#tell(signal);
  }

  /** A stream that was live before is not opened for the first time, whichever tab opens it. */
  #become(now: StreamStatus): void {
    const status = now === "connecting" && this.#cursor !== null && this.#wasLive ? "reconnecting" : now;
    if (status === this.#status) return;
    this.#status = status;
    this.#wasLive ||= status === "live";
    this.#tell({ type: "status", status });
  }

  get #silenceMs(): number {
    return this.pulse.silenceMs;
  }

  get #state() {
    const { status, pulse } = this;
    return { term: this.#term, cursor: this.#cursor, status, pulse };
  }

  #postState(): void {
    this.#post({ type: "state", ...this.#state });
  }

  /** A sign of life also while the stream brings nothing. */
  #keepBeating(): void {
    clearTimeout(this.#beat);
    this.#beatMs = this.#silenceMs / BEATS_IN_SILENCE;
    this.#beat = setTimeout(() => {
      this.#beatsOff = this.#own && this.#status !== "live" ? this.#beatsOff + 1 : 0;
      if (this.#beatsOff >= MAX_BEATS_OFF) return this.#yield();
      this.#postState();
      this.#keepBeating();
    }, this.#beatMs);
    unref(this.#beat);
  }

  /** The tab that has waited longest leads next; without one it is this tab again. */
  #yield(): void {
    this.#disconnect();
    this.#stepDown();
  }

  #watch(milliseconds: number): void {
    clearTimeout(this.#silence);
    if (this.#isLeader || this.#isClosed || this.#isDenied) return;
    this.#silence = setTimeout(() => this.#leadership?.steal(), milliseconds);
    unref(this.#silence);
  }

  /** A page that comes back from the browser's cache has heard nothing meanwhile. */
  readonly #shown = (event: Event): void => {
    const wasKept = (event as PageTransitionEvent).persisted;
    if (wasKept && !this.#own && this.#cursor !== null) this.#connect();
  };

  #post(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }
}
