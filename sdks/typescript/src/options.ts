import type { BeforeSend } from "./before-send.js";
import type { LivetrailError } from "./errors.js";
import { Redaction } from "./redact/redaction.js";
import { globalNamed, partOf } from "./runtime.js";
import type { Fetch } from "./send/request.js";
import type { WaitUntil } from "./wait-until.js";

export interface LivetrailOptions {
  /** Where the server is. `LIVETRAIL_URL`, or http://127.0.0.1:7777. */
  url?: string | undefined;
  /** A writer's key. `LIVETRAIL_KEY`; without one nothing is sent. */
  key?: string | undefined;
  /**
   * Told of every activity that is refused or lost (once while the queue is full), and when the server is in trouble;
   * not of what a promise of `recordDurably` tells. Default: a warning on the console.
   */
  onError?: ((error: LivetrailError) => void) | undefined;
  /**
   * Called with each activity as it is about to be sent: redacted, under the names of the log. Gives the one that is
   * sent instead, or null to send none. It has to answer at once: if it throws or returns a promise, the activity is not
   * sent, and `onError` is told.
   */
  beforeSend?: BeforeSend | undefined;
  /** Whether the console is told what the client does. `LIVETRAIL_DEBUG`, or false. */
  debug?: boolean | undefined;
  /**
   * Keeps a serverless function alive until what was recorded is sent, such as `after` of `next/server`. Vercel,
   * Netlify, Cloudflare Workers and OpenNext are known without it.
   */
  waitUntil?: WaitUntil | undefined;
  /** Most activities that wait. 10,000. */
  maxQueueItems?: number | undefined;
  /** Most bytes of activities that wait. 32 MiB. */
  maxQueueBytes?: number | undefined;
  /**
   * A folder in which what waits is kept on disk, too, so that it survives a process that is killed: the next one sends
   * it. Processes may share it. Node 20.16 and newer. `LIVETRAIL_SPOOL_DIRECTORY`, or none.
   */
  spoolDirectory?: string | undefined;
  /** Most bytes that one client keeps there. 64 MiB. */
  maxSpoolBytes?: number | undefined;
  /** How long one request may take. 10,000. */
  requestTimeoutMs?: number | undefined;
  /**
   * Least time between two requests, in which activities gather: 50. A full batch, and what is waited for, goes at
   * once.
   */
  requestIntervalMs?: number | undefined;
  /** Whether secrets are redacted before anything is sent. True. */
  redact?: boolean | undefined;
  /** Further names of keys whose values are secret. */
  redactKeys?: Iterable<string> | undefined;
  /** Whether exceptions in `details` and `changes` keep their messages, which often quote what users typed. False. */
  includeErrorMessage?: boolean | undefined;
  /** What sends requests. The global `fetch`. */
  fetch?: Fetch | undefined;
}

const DEFAULT_URL = "http://127.0.0.1:7777";

export type Settled = ReturnType<typeof settle>;

/** What the options mean, together with the environment. */
export function settle(options: LivetrailOptions) {
  const key = (options.key ?? environment("LIVETRAIL_KEY"))?.trim();
  const url = (options.url ?? environment("LIVETRAIL_URL")) || DEFAULT_URL;
  return {
    offBecause: reasonToBeOff(key, url),
    target: {
      url: url.replace(/\/+$/, ""),
      key: key ?? "",
      // Looked up at each call: tests and tracing replace it.
      fetch: options.fetch ?? ((address: string, init: RequestInit) => fetch(address, init)),
      timeoutMs: options.requestTimeoutMs ?? 10_000,
    },
    debug: options.debug ?? /^(?:1|true|yes|on)$/i.test(environment("LIVETRAIL_DEBUG") ?? ""),
    maxItems: options.maxQueueItems ?? 10_000,
    maxBytes: options.maxQueueBytes ?? 32 * 1024 * 1024,
    spoolDirectory: options.spoolDirectory ?? environment("LIVETRAIL_SPOOL_DIRECTORY"),
    maxSpoolBytes: options.maxSpoolBytes ?? 64 * 1024 * 1024,
    intervalMs: options.requestIntervalMs ?? 50,
    redaction: redaction(options),
  };
}

function redaction({ redact, redactKeys, includeErrorMessage = false }: LivetrailOptions): Redaction {
  return redact === false
    ? Redaction.off(includeErrorMessage)
    : Redaction.standard(redactKeys, includeErrorMessage);
}

function reasonToBeOff(key: string | undefined, url: string): string | null {
  if (!key) return "there is no key (LIVETRAIL_KEY is not set): activities are not recorded";
  if (!/^[\x21-\x7e]+$/.test(key))
    return "the key has characters that no key has: activities are not recorded";
  if (!/^https?:\/\/[^/]/.test(url)) return `${url} is not an http address: activities are not recorded`;
  return null;
}

function environment(name: string): string | undefined {
  return partOf(partOf(globalNamed("process"), "env"), name);
}
