/** How a route asks Livetrail: at its own address, with its own key, and with the filters that hold for the reader. */
import { LivetrailError } from "../errors.js";
import { globalNamed, partOf } from "../runtime.js";
import { type ActivityFilter, exactly } from "../stream/address.js";

/** What one reader may see. */
export interface StreamAccess {
  /**
   * Filters that the reader cannot change, such as `{ tenant_id: "acme" }`: they replace those of the request. Their values
   * are taken as they stand, without `!` and commas that mean something.
   */
  filter?: ActivityFilter | undefined;
  /** A key for this reader, such as one that is bound to a tenant. Default: the key of the route. */
  key?: string | undefined;
}

/** Where and with what Livetrail is asked. */
export interface Upstream {
  /** Where the server is. Default: `LIVETRAIL_URL`, or http://127.0.0.1:7777. */
  url?: string | undefined;
  /** A viewer's key. Default: `LIVETRAIL_VIEWER_KEY`. */
  key?: string | undefined;
  /** What sends requests. Default: the global `fetch`. */
  fetch?: typeof fetch | undefined;
}

/** What is asked of Livetrail for a request. */
export interface Asked {
  url: string;
  method: string;
  headers: Record<string, string>;
  parameters: URLSearchParams;
  asking: AbortController;
  fetch: typeof fetch;
}

const DEFAULT_URL = "http://127.0.0.1:7777";
/** The names under which a page could bring a credential of its own. */
const CREDENTIALS = ["token", "ticket"];
/** Filters that lists take as they stand. */
const WHOLE = ["q", "user_search", "text"];
const PASSED_ON = ["last-event-id", "user-agent", "traceparent"];

/** What to ask for this reader. Throws where the route is set up wrongly: that has to be seen. */
export function askedOf(request: Request, options: Upstream, access: StreamAccess): Asked {
  const { url = environment("LIVETRAIL_URL") || DEFAULT_URL, fetch = globalThis.fetch } = options;
  const asking = new AbortController();
  if (request.signal.aborted) asking.abort();
  request.signal.addEventListener("abort", () => asking.abort(), { once: true });
  const key = access.key ?? options.key ?? environment("LIVETRAIL_VIEWER_KEY");
  const headers = passedHeaders(request, key);
  return {
    url: url.replace(/\/+$/, ""),
    method: request.method === "HEAD" ? "HEAD" : "GET",
    headers,
    parameters: parameters(request, access.filter),
    asking,
    fetch,
  };
}

/** The answer, or null where there is none. */
export async function ask(
  { url, method, headers, parameters, asking, fetch }: Asked,
  path: string,
): Promise<Response | null> {
  const address = `${url}${path}?${parameters}`;
  try {
    // Another address must not get the key, so redirections are not followed.
    return await fetch(address, {
      method,
      headers,
      signal: asking.signal,
      cache: "no-store",
      redirect: "manual",
    });
  } catch {
    return null;
  }
}

/** What the page asks for, without credentials, and with what it must not choose. */
function parameters(request: Request, filter: ActivityFilter = {}): URLSearchParams {
  const asked = new URL(request.url).searchParams;
  for (const name of [...CREDENTIALS, ...Object.keys(filter)]) asked.delete(name);
  for (const [name, given] of Object.entries(filter)) {
    const values = [given].flat().map((value) => String(value ?? "").trim());
    // Without its value the filter would show everything.
    if (values.length === 0 || values.includes("")) throw new TypeError(`the filter ${name} has no value`);
    for (const value of values) asked.append(name, WHOLE.includes(name) ? value : exactly(value));
  }
  return asked;
}

function passedHeaders(request: Request, key: string | undefined): Record<string, string> {
  if (!key) throw new LivetrailError("off", "the route has no key: LIVETRAIL_VIEWER_KEY is not set");
  const passed = PASSED_ON.map((name) => [name, request.headers.get(name)] as const);
  const headers = Object.fromEntries(
    passed.filter((header): header is [string, string] => header[1] !== null),
  );
  return { ...headers, accept: request.headers.get("accept") ?? "*/*", authorization: `Bearer ${key}` };
}

function environment(name: string): string | undefined {
  return partOf(partOf(globalNamed("process"), "env"), name);
}
