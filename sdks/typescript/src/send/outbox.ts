/**
 * The bounded queue between the application and the server, and the one loop that empties it, in order. What cannot be
 * delivered now is kept and tried again; when the queue is full, the newest is dropped and counted.
 */

import { LivetrailError } from "../errors.js";
import type { SecretKind } from "../redact/kinds.js";
import { Delivery, type DeliveryOptions } from "./delivery.js";
import { keepUntilSent, letGo } from "./exit.js";
import type { Item, Outcome } from "./item.js";
import { Pace } from "./pace.js";
import { Queue } from "./queue.js";

/** Counts since the client was made, of activities; users do not count. */
export interface Stats {
  /** The server says that they are in the log. */
  sent: number;
  /** Of those: were in the log before. */
  duplicates: number;
  /** Refused for good, by the server or, where they could not be sent at all, by the client. */
  rejected: number;
  /** Lost, because the queue was full or the client was closed. */
  dropped: number;
  /** Not settled yet, users included. */
  queued: number;
  /** Secrets that were replaced, by kind. */
  redacted: Partial<Record<SecretKind, number>>;
}

export interface OutboxOptions extends DeliveryOptions {
  maxItems: number;
  maxBytes: number;
  /** Between the beginnings of two requests. */
  intervalMs: number;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #delivery: Delivery;
  readonly #pace: Pace;
  readonly #queue = new Queue();
  readonly #counts = { sent: 0, duplicates: 0, rejected: 0, dropped: 0 };
  /** Whoever waits until so many items have been settled. */
  #waiting: { settled: number; resolve: () => void }[] = [];
  #entered = 0;
  #settled = 0;
  /** Of those that have entered, the last that the application waits for. */
  #awaited = 0;
  /** Of those that have entered, the last whose loss at the end of the process was told. */
  #toldLost = 0;
  /** Of what has entered and is not settled. */
  #bytes = 0;
  #running = false;
  #closing = false;
  /** The application has been told, and is told again only when there was room in between. */
  #full = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#delivery = new Delivery(options);
    this.#pace = new Pace(options.intervalMs);
  }

  get stats(): Omit<Stats, "redacted"> {
    return { ...this.#counts, queued: this.#entered - this.#settled };
  }

  /** Counts an activity that cannot be sent, and tells whoever waits for it, or else the application. */
  refuse(error: LivetrailError, settle?: (outcome: Outcome) => void): void {
    this.#counts.rejected += 1;
    if (settle) settle({ ok: false, lost: "rejected", error });
    else this.#options.report(error);
  }

  /** Queues an item, or drops it. */
  add(item: Item): void {
    const error = this.#reasonToDrop(item);
    if (error) {
      this.#drop(item, error);
      return;
    }
    this.#full = false;
    this.#entered += 1;
    this.#bytes += item.bytes;
    this.#queue.push(item);
    if (item.settle) this.#awaited = this.#entered;
    if (this.#isUrgent) this.#pace.hasten();
    this.#start();
  }

  /** Waits until everything that was queued before is settled; false if that takes longer. */
  async flush(timeoutMs: number): Promise<boolean> {
    this.#awaited = this.#entered;
    this.#pace.hasten();
    this.#delivery.retryNow();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settled = await Promise.race([
      this.#until(this.#entered).then(() => true),
      // This one keeps the process alive: somebody waits.
      new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), timeoutMs);
      }),
    ]);
    clearTimeout(timer);
    return settled;
  }

  /** Sends what waits, for so long at most, and stops. What is left then is lost and counted. */
  async close(timeoutMs: number): Promise<boolean> {
    this.#closing = true;
    this.#delivery.hurry();
    const settled = await this.flush(timeoutMs);
    this.#delivery.stop();
    await this.#until(this.#entered);
    return settled;
  }

  /** The process ends: what is not sent within this time is lost. */
  async leave(timeoutMs: number): Promise<void> {
    if (!(await this.flush(timeoutMs))) this.tellLost();
  }

  /** The process ends now: what is not sent is lost. Each loss is told once. */
  tellLost(): void {
    const count = this.#entered - Math.max(this.#settled, this.#toldLost);
    this.#toldLost = this.#entered;
    if (count <= 0) return;
    const message = `the process ends before ${count} ${count === 1 ? "activity was" : "activities were"} sent`;
    this.#options.report(new LivetrailError("closed", `${message}: lost`, { count }));
  }

  #reasonToDrop(item: Item): LivetrailError | null {
    const facts = { activityId: item.id };
    if (this.#closing)
      return new LivetrailError("closed", "the client is closed: an activity is lost", facts);
    const { maxItems, maxBytes } = this.#options;
    if (this.stats.queued < maxItems && this.#bytes + item.bytes <= maxBytes) return null;
    const message = "the queue is full: activities are dropped until Livetrail answers again";
    return new LivetrailError("queue_full", message, facts);
  }

  #drop(item: Item, error: LivetrailError): void {
    const isKnown = this.#full && error.code === "queue_full";
    if (!item.userPath) this.#counts.dropped += 1;
    if (item.settle) item.settle({ ok: false, lost: "dropped", error });
    else if (!isKnown) this.#options.report(error);
    this.#full = error.code === "queue_full";
  }

  /** The application waits for what is queued, or it fills a request. */
  get #isUrgent(): boolean {
    return this.#settled < this.#awaited || this.#queue.fillsBatch;
  }

  /** Begins at the end of the present task, so that what is recorded together travels together. */
  #start(): void {
    if (this.#running) return;
    this.#running = true;
    keepUntilSent(this);
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#pace.turn(this.#isUrgent);
      await this.#delivery.deliver(this.#queue.takeBatch(), (batch, results) => this.#settle(batch, results));
    }
    this.#running = false;
    letGo(this);
  }

  #settle(batch: readonly Item[], results: readonly Outcome[]): void {
    for (const [index, item] of batch.entries()) {
      const outcome = results[index] ?? { ok: true };
      this.#settled += 1;
      this.#bytes -= item.bytes;
      if (!item.userPath) this.#count(outcome);
      if (item.settle) item.settle(outcome);
      else if (!outcome.ok) this.#options.report(outcome.error);
    }
    const due = this.#waiting.filter(({ settled }) => settled <= this.#settled);
    this.#waiting = this.#waiting.filter(({ settled }) => settled > this.#settled);
    for (const { resolve } of due) resolve();
  }

  #count(outcome: Outcome): void {
    if (!outcome.ok) this.#counts[outcome.lost] += 1;
    else this.#counts.sent += 1;
    if (outcome.ok && outcome.receipt?.duplicate) this.#counts.duplicates += 1;
  }

  #until(settled: number): Promise<void> {
    if (settled <= this.#settled) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ settled, resolve }));
  }
}
