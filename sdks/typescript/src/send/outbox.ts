/**
 * The bounded queue between the application and the server, and the one loop that empties it, in order. What cannot be
 * delivered now is kept and tried again; when the queue is full, the newest is dropped and counted.
 */
import { LivetrailError } from "../errors.js";
import type { Spool } from "../spool/spool.js";
import { Delivery, type DeliveryOptions } from "./delivery.js";
import { keepUntilSent, letGo } from "./exit.js";
import { givenUp } from "./given-up.js";
import type { Item, Outcome } from "./item.js";
import { Losses } from "./losses.js";
import { Pace } from "./pace.js";
import { Queue } from "./queue.js";
import { type Counts, countOutcome, NO_COUNTS, type Stats } from "./stats.js";
import { inTime, Waiters } from "./waiters.js";

export interface OutboxOptions extends DeliveryOptions {
  maxItems: number;
  maxBytes: number;
  /** Between the beginnings of two requests. */
  intervalMs: number;
  /** A copy of what waits, on disk. */
  spool: Spool | null;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #delivery: Delivery;
  readonly #pace: Pace;
  readonly #losses: Losses;
  readonly #queue = new Queue();
  readonly #counts: Counts = { ...NO_COUNTS };
  readonly #waiters = new Waiters();
  #entered = 0;
  /** Of those that have entered, the last that the application waits for. */
  #awaited = 0;
  /** Those that have entered and are not settled. */
  readonly #held = new Set<Item>();
  /** Of those, the ones whose loss at the end of the process was told. */
  readonly #toldLost = new WeakSet<Item>();
  /** Of what has entered and is not settled. */
  #bytes = 0;
  #running = false;
  #closing = false;
  #resending = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#delivery = new Delivery(options);
    this.#pace = new Pace(options.intervalMs);
    this.#losses = new Losses(options.report);
    const { spool } = options;
    if (!spool) return;
    void this.#resend(spool);
    spool.tend(() => void this.#resend(spool));
  }

  get stats(): Omit<Stats, "redacted"> {
    return { ...this.#counts, queued: this.#queued };
  }

  /** Counts an item that cannot be sent, and tells the caller that waits for it, or else the application. */
  refuse(error: LivetrailError, { settle, userPath }: Partial<Item> = {}): void {
    if (userPath === undefined) this.#counts.rejected += 1;
    this.#losses.add({ ok: false, lost: "rejected", error }, settle);
  }

  /** Counts an activity that the application did not want to be sent, and tells the caller that waits for it. */
  filter({ settle }: Partial<Item>): void {
    this.#counts.filtered += 1;
    this.#options.debug(() => "not sent: beforeSend returned null");
    const error = new LivetrailError("filtered", "beforeSend returned null: the activity is not sent");
    settle?.({ ok: false, lost: "rejected", error });
  }

  /** Queues an item, or drops it. */
  add(item: Item): void {
    const error = this.#reasonToDrop(item);
    if (error) {
      this.#drop(item, error);
      return;
    }
    this.#options.debug(() => `recorded ${item.json}`);
    if (!item.userPath) this.#options.spool?.add(item);
    this.#enter(item);
  }

  #enter(item: Item): void {
    this.#entered += 1;
    this.#bytes += item.bytes;
    this.#held.add(item);
    this.#queue.push(item);
    if (item.settle) this.#awaited = this.#entered;
    if (this.#isUrgent) this.#pace.hasten();
    this.#start();
  }

  /**
   * Waits until everything that was queued before is settled. False if that takes longer, or if something was lost
   * since the last flush.
   */
  async flush(timeoutMs: number): Promise<boolean> {
    const settled = await this.#settledIn(timeoutMs);
    return this.#losses.noneSinceFlush() && settled;
  }

  /** Waits, for so long at most, until nothing is queued. It says nothing about losses, which a flush tells. */
  async drain(timeoutMs: number): Promise<void> {
    const end = performance.now() + timeoutMs;
    while (this.#queued > 0 && performance.now() < end) await this.#settledIn(end - performance.now());
  }

  /** Sends what waits, for so long at most, and stops. What is left then is lost and counted. */
  async close(timeoutMs: number): Promise<boolean> {
    this.#closing = true;
    this.#delivery.hurry();
    const settled = await this.#settledIn(timeoutMs);
    this.#delivery.stop();
    await this.#waiters.until(this.#entered);
    this.#options.spool?.close();
    this.#losses.endOverflow();
    this.#losses.endAbandoned();
    return this.#losses.noneSinceFlush() && settled;
  }

  /** The process ends: what is not sent within this time is lost. */
  async leave(timeoutMs: number): Promise<void> {
    if (await this.#settledIn(timeoutMs)) this.#losses.endOverflow();
    else this.tellLost();
  }

  /** The process ends now: what is not sent is lost, and what is not acknowledged may be. Each is told once. */
  tellLost(): void {
    this.#losses.endOverflow();
    this.#options.spool?.write();
    const held = [...this.#held].filter((item) => !item.segment && !this.#toldLost.has(item));
    for (const item of held) this.#toldLost.add(item);
    const unacknowledged = held.filter(({ mayBeStored }) => mayBeStored).length;
    const counts = { dropped: held.length - unacknowledged, unacknowledged };
    for (const error of givenUp("the process ends", counts)) this.#options.report(error);
  }

  get #queued(): number {
    return this.#entered - this.#waiters.settled;
  }

  /** The application waits for what is queued, or it fills a request. */
  get #isUrgent(): boolean {
    return this.#waiters.settled < this.#awaited || this.#queue.fillsBatch;
  }

  /** Whether everything that was queued before is settled in time. */
  #settledIn(timeoutMs: number): Promise<boolean> {
    this.#awaited = this.#entered;
    this.#pace.hasten();
    this.#delivery.retryNow();
    return inTime(this.#waiters.until(this.#entered), timeoutMs);
  }

  #reasonToDrop(item: Item): LivetrailError | null {
    const facts = { activityId: item.id };
    if (this.#closing)
      return new LivetrailError("closed", "the client is closed: an activity is lost", facts);
    const { maxItems, maxBytes } = this.#options;
    if (this.#queued < maxItems && this.#bytes + item.bytes <= maxBytes) return null;
    const message = "the queue is full: activities are dropped until Livetrail answers again";
    return new LivetrailError("queue_full", message, facts);
  }

  #drop(item: Item, error: LivetrailError): void {
    if (!item.userPath) this.#counts.dropped += 1;
    this.#losses.add({ ok: false, lost: "dropped", error }, item.settle);
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
    for (const [index, item] of batch.entries()) this.#settleOne(item, results[index] ?? { ok: true });
    this.#waiters.settle(batch.length);
    const { maxItems, maxBytes } = this.#options;
    // Half of it, so that a queue that is full again and again is one overflow.
    if (this.#queued <= maxItems / 2 && this.#bytes <= maxBytes / 2) this.#losses.endOverflow();
  }

  #settleOne(item: Item, outcome: Outcome): void {
    this.#held.delete(item);
    this.#bytes -= item.bytes;
    if (!item.userPath) countOutcome(this.#counts, outcome, item.segment !== undefined);
    const isGivenUp = !outcome.ok && outcome.lost !== "rejected";
    if (!isGivenUp) this.#options.spool?.settle(item);
    if (outcome.ok) item.settle?.(outcome);
    else if (!isGivenUp) this.#losses.add(outcome, item.settle);
    else if (item.segment) item.settle?.(outcome);
    else this.#losses.abandon(outcome, item.settle);
  }

  /** Queues what processes that are gone have left on disk, as far as there is room. */
  async #resend(spool: Spool): Promise<void> {
    if (this.#resending) return;
    this.#resending = true;
    for (const items of spool.orphans()) {
      for (const item of items) {
        while (!this.#closing && this.#queued > 0 && this.#reasonToDrop(item))
          await this.#waiters.until(this.#waiters.settled + 1);
        // It stays on disk.
        if (this.#closing) return;
        this.#enter(item);
      }
    }
    this.#resending = false;
  }
}
