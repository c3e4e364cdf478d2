/** One request to the server, and its answer. */
import { compressed } from "./compression.js";
import { unref } from "./pause.js";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What the server said; `body` is undefined where it is no JSON. */
export interface Answer {
  status: number;
  retryAfter: string | null;
  /** The type of the content. */
  type: string | null;
  body: unknown;
}

export interface Target {
  url: string;
  key: string;
  fetch: Fetch;
  timeoutMs: number;
}

/** Sends JSON. Rejects where no whole answer came: the network failed, it took too long, or `stop` was called. */
export async function send(
  target: Target,
  method: "POST" | "PUT",
  path: string,
  json: string,
  stop: AbortController,
): Promise<Answer> {
  const timer = setTimeout(
    () => stop.abort(new Error("the server did not answer in time")),
    target.timeoutMs,
  );
  unref(timer);
  try {
    const { body, encoding } = await compressed(json);
    const response = await target.fetch(target.url + path, {
      method,
      body,
      headers: { Authorization: `Bearer ${target.key}`, "Content-Type": "application/json", ...encoding },
      // A redirect would turn a POST into a GET, whose answer looks like success.
      redirect: "manual",
      // Next.js would otherwise answer the same body from its cache. Some runtimes refuse to be told.
      ...(canSayCache() && { cache: "no-store" }),
      signal: stop.signal,
    });
    return {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      type: response.headers.get("content-type"),
      body: parse(await response.text()),
    };
  } finally {
    clearTimeout(timer);
  }
}

let cacheable: boolean | undefined;

function canSayCache(): boolean {
  if (cacheable === undefined) {
    try {
      new Request("http://localhost/", { cache: "no-store" });
      cacheable = true;
    } catch {
      cacheable = false;
    }
  }
  return cacheable;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
