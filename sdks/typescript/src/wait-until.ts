/**
 * Serverless platforms freeze a function once it has answered. What was recorded is sent all the same, because the
 * platform is asked to wait for it: by what the application names, or by the context that the platform lays.
 */
import { call } from "./callback.js";
import { globalNamed, partOf } from "./runtime.js";

/** `waitUntil` of a platform, or `after` of Next.js. */
export type WaitUntil = (task: Promise<unknown>) => unknown;

interface RequestContext {
  waitUntil: WaitUntil;
}

/** Sends what waits, for so long at most. */
type Drain = (timeoutMs: number) => Promise<void>;

/** What the platform names for all clients. */
let ofPlatform: WaitUntil | undefined;

/** The entry of the package for a platform says how that platform waits. */
export function waitBy(waitUntil: WaitUntil | undefined): void {
  ofPlatform = waitUntil;
}

/** Less than any platform allows. */
const DRAIN_MS = 5_000;

export class KeepAlive {
  readonly #drain: Drain;
  readonly #named: WaitUntil | undefined;
  /** Requests that wait already. */
  readonly #waiting = new WeakSet<object>();

  constructor(drain: Drain, named: WaitUntil | undefined) {
    this.#drain = drain;
    this.#named = named;
  }

  /** Asks the platform, if there is one, to wait until what was recorded is sent. Never throws. */
  ask(): void {
    const named = this.#named ?? ofPlatform;
    // Outside of a request, platforms refuse. What was recorded is sent while the process lives.
    call(() => (named ? named(this.#drain(DRAIN_MS)) : this.#askFor(requestContext())));
  }

  #askFor(context: RequestContext | undefined): unknown {
    if (!context || this.#waiting.has(context)) return;
    this.#waiting.add(context);
    const drained = this.#drain(DRAIN_MS).then(() => {
      this.#waiting.delete(context);
    });
    return context.waitUntil(drained);
  }
}

/** The context of the request that is being answered, where the platform has one. */
function requestContext(): RequestContext | undefined {
  return PLACES.map((place) => place()).find(
    (context) => typeof partOf(context, "waitUntil") === "function",
  ) as RequestContext | undefined;
}

const PLACES: (() => unknown)[] = [
  // Vercel's functions, and hosts of Next.js.
  () => currentOf("@vercel/request-context"),
  () => currentOf("@next/request-context"),
  // Next.js on Cloudflare Workers, by OpenNext.
  () => partOf(globalNamed(Symbol.for("__cloudflare-context__")), "ctx"),
  () => partOf(globalNamed("Netlify"), "context"),
];

function currentOf(name: string): unknown {
  return globalNamed<{ get?: () => unknown }>(Symbol.for(name))?.get?.();
}
