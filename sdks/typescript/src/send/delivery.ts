/** Sends one batch until every activity in it is answered for good, or the client stops. */
import { asError } from "../callback.js";
import type { Debug } from "../debug.js";
import { LivetrailError } from "../errors.js";
import { isDivisible, isFinal, isSuccess, outcomes } from "./answer.js";
import { mayHaveStored } from "./given-up.js";
import type { Item, Outcome } from "./item.js";
import { backoff, Pause, retryAfter } from "./pause.js";
import { type Answer, send, type Target } from "./request.js";

export interface DeliveryOptions {
  target: Target;
  random: () => number;
  report: (error: LivetrailError) => void;
  debug: Debug;
}

type Settle = (batch: readonly Item[], outcomes: readonly Outcome[]) => void;

/** The pause between attempts while the client is closing. */
const HURRIED_MS = 200;

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #pause = new Pause();
  /** The request that is under way. */
  #request: AbortController | null = null;
  /** The server said when it wants to be asked again. */
  #toldToWait = false;
  #hurried = false;
  #stopped = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Ends the pause before the next attempt, unless the server asked for it. */
  retryNow(): void {
    if (!this.#toldToWait) this.#pause.end();
  }

  /** The client is closing: no pause is long from now on. */
  hurry(): void {
    this.#hurried = true;
    this.#pause.end();
  }

  /** Gives up what is under way, and sends nothing any more. */
  stop(): void {
    this.#stopped = true;
    this.#pause.end();
    this.#request?.abort(new Error("the client was closed"));
  }

  /** Returns when everything in the batch is settled. */
  async deliver(batch: readonly Item[], settle: Settle): Promise<void> {
    const answer = await this.#finalAnswer(batch);
    if (answer && isDivisible(answer.status, batch)) {
      const middle = Math.ceil(batch.length / 2);
      await this.deliver(batch.slice(0, middle), settle);
      await this.deliver(batch.slice(middle), settle);
    } else {
      settle(batch, answer ? outcomes(answer, batch) : batch.map(lost));
    }
  }

  /** Sends the same request until it is answered for good; null if the client stops before. */
  async #finalAnswer(batch: readonly Item[]): Promise<Answer | null> {
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      const answer = await this.#attempt(batch);
      if (!(answer instanceof Error) && isFinal(answer, batch)) return answer;
      if (this.#stopped) break;
      if (attempt === 0) this.#options.report(this.#trouble(answer, batch.length));
      await this.#wait(attempt, answer instanceof Error ? null : answer.retryAfter);
    }
    return null;
  }

  async #attempt(batch: readonly Item[]): Promise<Answer | Error> {
    const jsons = batch.map(({ json }) => json);
    const json = jsons.length === 1 ? jsons.join() : `[${jsons.join(",")}]`;
    const userPath = batch[0]?.userPath;
    const [method, path] = userPath ? (["PUT", userPath] as const) : (["POST", "/api/activity"] as const);
    this.#request = new AbortController();
    const before = batch.map(({ mayBeStored = false }) => mayBeStored);
    for (const item of batch) item.mayBeStored = true;
    const began = performance.now();
    const answer = await send(this.#options.target, method, path, json, this.#request).catch(asError);
    this.#request = null;
    // What an earlier attempt may have stored may still be.
    if (!mayHaveStored(answer))
      for (const [index, item] of batch.entries()) item.mayBeStored = before[index] ?? false;
    this.#options.debug(() => {
      const what = answer instanceof Error ? reason(answer) : answer.status;
      const took = Math.round(performance.now() - began);
      return `${method} ${path}, ${batch.length} in ${json.length} characters: ${what} after ${took} ms`;
    });
    return answer;
  }

  #trouble(answer: Answer | Error, count: number): LivetrailError {
    const failed = answer instanceof Error;
    const what = failed ? `Livetrail cannot be reached (${reason(answer)})` : this.#said(answer);
    const facts = failed ? { cause: answer, count } : { status: answer.status, count };
    return new LivetrailError("unreachable", `${what}: activities wait and are sent again`, facts);
  }

  #said({ status, type }: Answer): string {
    if (!isSuccess(status)) return `Livetrail answered ${status}`;
    const { url } = this.#options.target;
    return `${url} answered ${status} (${type ?? "no content"}) as Livetrail does not: is LIVETRAIL_URL right?`;
  }

  async #wait(attempt: number, header: string | null): Promise<void> {
    const told = retryAfter(header, Date.now());
    const pause = Math.max(backoff(attempt, this.#options.random), told);
    this.#toldToWait = told > 0;
    const wait = this.#hurried ? Math.min(pause, HURRIED_MS) : pause;
    this.#options.debug(() => `again in ${Math.round(wait)} ms`);
    await this.#pause.wait(wait);
    this.#toldToWait = false;
  }
}

/** `fetch` says only that it failed; the cause says why. */
function reason(error: Error): string {
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;
}

/** Given up when the client stops. */
function lost({ id, mayBeStored }: Item): Outcome {
  const facts = { activityId: id };
  if (mayBeStored) {
    const message = "the client was closed before an activity was acknowledged: it may be stored";
    return { ok: false, lost: "unacknowledged", error: new LivetrailError("unacknowledged", message, facts) };
  }
  const message = "the client was closed before an activity was sent: it is lost";
  return { ok: false, lost: "dropped", error: new LivetrailError("closed", message, facts) };
}
