/**
 * What a hook shows: history, and what the stream adds to it. The joint has no seam. A feed that listens to an open
 * stream before it reads the list has everything, and knows by its id what comes twice. Otherwise the stream begins at
 * the head of the list.
 */
import type { StoredActivity } from "../activity.js";
import { asError, call } from "../callback.js";
import { backoff, Pause } from "../send/pause.js";
import type { StreamSignal } from "../stream/signal.js";
import { Connection } from "./connection.js";
import { type CurrentOptions, mostRows, pageSize } from "./options.js";
import { ActivityListError, type ActivityPage } from "./page.js";
import {
  fromPage,
  isKnown,
  NO_ROWS,
  type Rows,
  withArrived,
  withOlder,
  withoutRows,
  withPending,
} from "./rows.js";
import { Throttle } from "./throttle.js";
import { type FeedState, type FeedView, firstState, viewOf } from "./view.js";

/** More than this is not held while a list is read; the list is read again instead. */
const MAX_EARLY = 1_000;

export class Feed {
  readonly #options: CurrentOptions;
  readonly #watchers = new Set<() => void>();
  readonly #throttle = new Throttle(() => this.#publish());
  #connection: Connection | null = null;
  /** Ends what is being asked for. */
  #asking = new AbortController();
  #rows: Rows = NO_ROWS;
  /** Held back while paused: as many as could be shown, however many are counted. */
  #pending: Rows = NO_ROWS;
  /** What the stream brings while the list is being read. */
  #early: StoredActivity[] | null = null;
  #cursor: string | null = null;
  /** Whether the list has to be read before anything can be added to it. */
  #needsList: boolean;
  #state: FeedState;
  #view: FeedView;

  constructor(options: CurrentOptions, { isOn, hasHistory }: { isOn: boolean; hasHistory: boolean }) {
    this.#options = options;
    this.#needsList = hasHistory;
    this.#state = firstState(isOn, hasHistory);
    this.#view = this.#makeView();
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly view = (): FeedView => this.#view;

  /** Begins to follow, or goes on where it was. */
  start(): void {
    this.#asking = new AbortController();
    this.#connection = new Connection(this.#options, (signal) => this.#heard(signal));
    this.#set({ status: this.#connection.status });
    if (this.#needsList) void this.#load();
    else this.#follow(this.#cursor ?? this.#options.current.lastEventId ?? null);
  }

  stop(): void {
    this.#asking.abort();
    this.#early = null;
    this.#connection?.close();
    this.#connection = null;
    this.#set({ status: "stopped", isLoading: false, isLoadingOlder: false });
  }

  readonly clear = (): void => {
    this.#rows = withoutRows(this.#rows, this.#pending);
    this.#pending = NO_ROWS;
    this.#set({ pendingCount: 0, newCount: 0, isExpanded: false });
  };

  readonly reconnect = (): void => {
    if (!this.#connection) return;
    // A list that has failed is asked for again at once.
    if (this.#needsList) {
      this.stop();
      this.start();
    } else this.#connection.reconnect();
  };

  readonly pause = (): void => this.#set({ isPaused: true });

  readonly resume = (): void => {
    this.#rows = withPending(this.#rows, this.#pending, this.#most);
    this.#pending = NO_ROWS;
    this.#set({ isPaused: false, pendingCount: 0 });
  };

  readonly markSeen = (): void => this.#set({ newCount: 0 });

  readonly loadOlder = async (): Promise<void> => {
    if (!this.#view.hasOlder || this.#state.isLoadingOlder || this.#state.isLoading) return;
    const { signal } = this.#asking;
    this.#set({ isLoadingOlder: true, isExpanded: true });
    try {
      await this.#addOlder(signal);
      if (!signal.aborted) this.#set({ isLoadingOlder: false, error: null });
    } catch (error) {
      if (!signal.aborted) this.#set({ isLoadingOlder: false, error: error as Error });
    }
  };

  get #hasHistory(): boolean {
    return pageSize(this.#options.current) > 0;
  }

  get #most(): number {
    return mostRows(this.#options.current, this.#state.isExpanded);
  }

  #follow(cursor: string | null): void {
    if (!this.#connection || this.#connection.start(cursor)) return;
    if (this.#hasHistory) void this.#load();
    else if (cursor !== null) this.#connection.startAlone(cursor);
  }

  /** Reads the list until it is there. What is shown stays until then. */
  async #load(): Promise<void> {
    this.#asking.abort();
    this.#asking = new AbortController();
    this.#needsList = true;
    this.#early = [];
    const { signal } = this.#asking;
    this.#set({ isLoading: true, isLoadingOlder: false });
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const page = await this.#join(signal);
        if (!signal.aborted) this.#loaded(page);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#set({ error: error as Error });
        if (error instanceof ActivityListError && !error.isPassing) {
          this.#early = null;
          this.#set({ status: "stopped", isLoading: false });
          return;
        }
        await new Pause().wait(backoff(failures, Math.random));
      }
    }
  }

  /** The first page, whose end is where the stream goes on. */
  async #join(signal: AbortSignal): Promise<ActivityPage> {
    for (;;) {
      await this.#connection?.ready();
      this.#early = [];
      const wasOpen = this.#connection?.cursor != null;
      const page = await this.#page(null, signal);
      const isWhole = this.#early.length <= MAX_EARLY;
      if (signal.aborted || (isWhole && (wasOpen || this.#begins(page.head_cursor)))) return page;
    }
  }

  /** Begins the stream where the list ends. False if it has come to another place meanwhile. */
  #begins(head: string): boolean {
    const connection = this.#connection;
    if (!connection || connection.start(head)) return true;
    // Another hook wants it from now on, and it is not open yet: its first place will not be this one.
    if (connection.cursor === null) connection.startAlone(head);
    return connection.cursor === head;
  }

  #loaded(page: ActivityPage): void {
    const early = this.#early ?? [];
    this.#early = null;
    this.#needsList = false;
    this.#rows = fromPage(page);
    this.#pending = NO_ROWS;
    this.#set({ isLoading: false, isExpanded: false, pendingCount: 0, error: null });
    for (const activity of early) this.#arrived(activity);
  }

  async #addOlder(signal: AbortSignal): Promise<void> {
    const before = this.#rows.rows.length;
    while (this.#rows.older && this.#rows.rows.length <= before && !signal.aborted) {
      const asked = this.#rows.older;
      const page = await this.#page(asked, signal);
      // What has arrived meanwhile may have changed where the next page begins.
      if (asked === this.#rows.older) this.#rows = withOlder(this.#rows, page, this.#most);
    }
  }

  #page(older: Rows["older"], signal: AbortSignal): Promise<ActivityPage> {
    if (!this.#connection) throw new ActivityListError("the feed is stopped", 0);
    return this.#connection.page(pageSize(this.#options.current), older, signal);
  }

  #heard(signal: StreamSignal): void {
    this.#cursor = this.#connection?.cursor ?? this.#cursor;
    const { onReset, onAlert } = this.#options.current;
    if (signal.type === "activity") {
      if (!this.#early) this.#arrived(signal.activity);
      else if (this.#early.length <= MAX_EARLY) this.#early.push(signal.activity);
    } else if (signal.type === "reset") {
      if (this.#hasHistory) void this.#load();
      this.#call(() => onReset?.(signal.reason));
    } else if (signal.type === "alert") {
      this.#call(() => onAlert?.(signal.alert));
    } else if (signal.type === "status") {
      const isLive = signal.status === "live";
      this.#set({ status: signal.status, ...(isLive && !this.#state.isLoading && { error: null }) });
    } else if (signal.type === "error") {
      this.#set({ error: signal.error });
    }
  }

  #arrived(activity: StoredActivity): void {
    if (isKnown(this.#rows.rows, activity) || isKnown(this.#pending.rows, activity)) return;
    const { isPaused, newCount, pendingCount } = this.#state;
    if (isPaused) {
      const pending = { ...this.#pending, byTime: this.#rows.byTime };
      this.#pending = withArrived(pending, [activity], this.#most);
    } else this.#rows = withArrived(this.#rows, [activity], this.#most);
    const lag = Date.now() - Date.parse(activity.created_at);
    this.#state = {
      ...this.#state,
      newCount: newCount + 1,
      pendingCount: isPaused ? pendingCount + 1 : 0,
      lagMs: Number.isNaN(lag) ? null : Math.max(0, lag),
    };
    this.#throttle.soon();
    this.#call(() => this.#options.current.onActivity?.(activity));
  }

  /** What a callback throws is shown, and changes nothing else. */
  #call(callback: () => unknown): void {
    call(callback, (error) => this.#set({ error: asError(error) }));
  }

  #set(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change };
    this.#throttle.now();
  }

  #makeView(): FeedView {
    return viewOf(this.#state, this.#rows, this.#cursor, mostRows(this.#options.current, true));
  }

  #publish(): void {
    this.#view = this.#makeView();
    for (const watcher of [...this.#watchers]) watcher();
  }
}
