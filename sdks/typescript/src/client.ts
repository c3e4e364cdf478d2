/** The client: records activities without ever getting in the way of what is recorded. */
import type { NewActivity } from "./activity.js";
import { type BeforeSend, encodeBy } from "./before-send.js";
import { type Debug, debugLog } from "./debug.js";
import { LivetrailError } from "./errors.js";
import { type LivetrailOptions, type Settled, settle } from "./options.js";
import type { Redaction } from "./redact/redaction.js";
import { Expected } from "./send/expected.js";
import type { Item, Outcome, Receipt } from "./send/item.js";
import { Outbox } from "./send/outbox.js";
import { reporter } from "./send/report.js";
import { NO_COUNTS, type Stats } from "./send/stats.js";
import { Unsent } from "./send/unsent.js";
import { encodeUser, type UserNames } from "./shape/user.js";
import { Spool } from "./spool/spool.js";
import { byteLength } from "./text.js";
import { KeepAlive } from "./wait-until.js";

const PATIENCE_MS = 5_000;
const DURABLE_MS = 30_000;

export class Livetrail {
  /** None when the client is off. */
  readonly #outbox: Outbox | null;
  readonly #offBecause: string;
  /** What was recorded although the client is off. */
  readonly #unsent = new Unsent();
  readonly #expected = new Expected();
  readonly #redaction: Redaction;
  readonly #beforeSend: BeforeSend | undefined;
  readonly #debug: Debug;
  readonly #report: (error: LivetrailError) => void;
  readonly #keepAlive: KeepAlive;

  constructor(options: LivetrailOptions = {}) {
    const { offBecause, redaction, debug: isDebugging, ...rest } = settle(options);
    const debug = debugLog(isDebugging);
    const report = reporter(options.onError, debug);
    this.#redaction = redaction;
    this.#beforeSend = options.beforeSend;
    this.#debug = debug;
    this.#report = report;
    this.#offBecause = offBecause ?? "";
    this.#outbox = offBecause
      ? null
      : new Outbox({ ...rest, random: Math.random, report, debug, spool: spoolOf(rest, report) });
    this.#keepAlive = new KeepAlive(async (timeoutMs) => this.#outbox?.drain(timeoutMs), options.waitUntil);
    if (offBecause) report(new LivetrailError("off", offBecause));
    else debug(() => `activities are sent to ${rest.target.url}`);
  }

  /** Whether activities are sent at all: there is a key and an address. */
  get enabled(): boolean {
    return this.#outbox !== null;
  }

  get stats(): Stats {
    const off = { ...NO_COUNTS, dropped: this.#unsent.activities, queued: 0 };
    return { ...(this.#outbox?.stats ?? off), redacted: this.#redaction.counts };
  }

  /** Queues an activity. Returns at once and never throws. */
  record(activity: NewActivity): void {
    this.#add(activity);
  }

  /** Reports an activity that could not be described. It counts as rejected. Never throws. */
  refuse(cause: unknown): void {
    if (!this.#outbox) this.#unsent.addActivity();
    this.#outbox?.refuse(new LivetrailError("invalid", "an activity could not be described", { cause }));
  }

  /** Reports a mistake that costs no activity. Never throws. */
  complain(message: string, cause: unknown): void {
    this.#report(new LivetrailError("invalid", message, { cause, count: 0 }));
  }

  /** Lets a flush wait for a task that will record. What it rejects with is reported as by `refuse`. Never throws. */
  expect(task: PromiseLike<unknown>): void {
    this.#expected.add(Promise.resolve(task).catch((cause: unknown) => this.refuse(cause)));
  }

  /** The same, for code that awaits it. The promise is fulfilled already: nothing waits for the network. */
  logActivity(activity: NewActivity): Promise<void> {
    this.#add(activity);
    return Promise.resolve();
  }

  /**
   * Resolves when the activity is in the log for good. Rejects with a [`LivetrailError`] when it is refused or lost, or
   * when it is not answered in time (30 seconds by default). Then it may still be stored, and may be sent again with
   * the error's `activityId` as its `id`.
   */
  recordDurably(activity: NewActivity, { timeoutMs = DURABLE_MS } = {}): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      if (!this.#outbox) {
        this.#unsent.addActivity();
        throw new LivetrailError("off", this.#offBecause);
      }
      let id: string | undefined;
      const late = () => {
        const message = `not answered within ${timeoutMs} ms: the activity may still be stored`;
        reject(new LivetrailError("timeout", message, id === undefined ? {} : { activityId: id }));
      };
      const timer = setTimeout(late, timeoutMs);
      id = this.#add(activity, (outcome) => {
        clearTimeout(timer);
        const receipt = receiptOf(outcome);
        if (receipt instanceof Error) reject(receipt);
        else resolve(receipt);
      });
    });
  }

  /** Tells the directory of users what lists should show for an id. Queued like an activity. Never throws. */
  putUser(id: string | number | bigint, names: UserNames): void {
    if (!this.#outbox) {
      this.#unsent.addUser();
      return;
    }
    const user = this.#read({ userPath: "" }, () => encodeUser(id, names));
    if (user) this.#outbox.add({ ...user, bytes: byteLength(user.json), namesTenant: false });
  }

  /**
   * Waits until what was recorded before is in the log, and what wrappers are describing. False if that takes longer, or if something that was recorded
   * since the last flush is lost: refused, dropped, or never sent because the client is off. Never rejects.
   */
  async flush(timeoutMs: number = PATIENCE_MS): Promise<boolean> {
    return this.#whenDescribed(
      timeoutMs,
      async (leftMs) => this.#outbox?.flush(leftMs) ?? this.#unsent.noneSinceFlush(),
    );
  }

  /** Sends what waits, for so long at most, and stops; false if something was lost. Never rejects. */
  async close(timeoutMs: number = PATIENCE_MS): Promise<boolean> {
    return this.#whenDescribed(
      timeoutMs,
      async (leftMs) => this.#outbox?.close(leftMs) ?? this.#unsent.noneSinceFlush(),
    );
  }

  #whenDescribed(timeoutMs: number, next: (leftMs: number) => Promise<boolean>): Promise<boolean> {
    return this.#expected.before(timeoutMs, (timeoutMs) => void this.#outbox?.drain(timeoutMs), next);
  }

  /** The id of the activity, unless it cannot be sent. */
  #add(activity: NewActivity, settle?: (outcome: Outcome) => void): string | undefined {
    if (!this.#outbox) {
      this.#unsent.addActivity();
      this.#debug(() => `not recorded: ${this.#offBecause}`);
      return undefined;
    }
    const awaited = settle ? { settle } : {};
    const encoded = this.#read(awaited, () =>
      encodeBy(this.#beforeSend, activity, Date.now(), this.#redaction),
    );
    if (encoded === null) this.#outbox.filter(awaited);
    if (!encoded) return undefined;
    this.#outbox.add({ ...encoded, ...awaited, bytes: byteLength(encoded.json) });
    this.#keepAlive.ask();
    return encoded.id;
  }

  /** What is read of what the application gives. A failure is told, and nothing is read. */
  #read<T>(item: Partial<Item>, read: () => T): T | undefined {
    try {
      return read();
    } catch (cause) {
      const what = item.userPath === undefined ? "the activity" : "the user";
      const unreadable = () => new LivetrailError("invalid", `${what} cannot be read`, { cause });
      this.#outbox?.refuse(cause instanceof LivetrailError ? cause : unreadable(), item);
      return undefined;
    }
  }
}

function spoolOf(
  { spoolDirectory, maxSpoolBytes, target }: Pick<Settled, "spoolDirectory" | "maxSpoolBytes" | "target">,
  report: (error: LivetrailError) => void,
): Spool | null {
  if (!spoolDirectory) return null;
  const identity = `${target.url}\n${target.key}`;
  return Spool.open({ directory: spoolDirectory, maxBytes: maxSpoolBytes, target: identity, report });
}

function receiptOf(outcome: Outcome): Receipt | LivetrailError {
  if (!outcome.ok) return outcome.error;
  return outcome.receipt ?? new LivetrailError("refused", "the answer does not say where the activity is");
}
