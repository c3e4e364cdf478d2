/** What a request tells about its sender. */
import { readAddress } from "./shape/address.js";

export interface RequestContextOptions {
  /**
   * Whether proxies of your own stand before the application, so that the headers they set can be believed: how many,
   * or `true` to take the first address of `X-Forwarded-For`. Any client may send these headers. Without a proxy that
   * replaces them, the sender chooses the address that is taken from them. Behind a proxy that only appends, the sender
   * chooses the first one.
   */
  trustProxy?: boolean | number | undefined;
}

/** The part of a request that is used: of the web's `Request`, and so of `NextRequest`. */
export interface RequestLike {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
}

/** The same of a request of node:http, and so of Express. */
export interface NodeRequestLike {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket?: { readonly remoteAddress?: string | undefined } | undefined;
}

export interface RequestContext {
  ipAddress: string | null;
  userAgent: string | null;
  httpMethod: string;
  endpoint: string;
  requestId: string | null;
  traceId: string | null;
}

/** Address, user agent, method, path and ids, to be spread into an activity. */
export function requestContext(
  request: RequestLike | NodeRequestLike,
  options: RequestContextOptions = {},
): RequestContext {
  const header = (name: string) => headerOf(request, name);
  const peer = ("socket" in request && request.socket?.remoteAddress) || null;
  return {
    ipAddress: clientAddress(header, options.trustProxy ?? false) ?? peer,
    userAgent: header("user-agent"),
    httpMethod: request.method ?? "",
    endpoint: path(("originalUrl" in request && request.originalUrl) || request.url || ""),
    requestId: header("x-request-id"),
    // W3C Trace Context: version, trace id, parent id, flags.
    traceId: /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(header("traceparent") ?? "")?.[1] ?? null,
  };
}

function headerOf({ headers }: RequestLike | NodeRequestLike, name: string): string | null {
  if (typeof headers.get === "function") return headers.get(name);
  const value = (headers as NodeRequestLike["headers"])[name];
  return (Array.isArray(value) ? value.join(", ") : value) ?? null;
}

/** Each proxy appends whom it was called by, so behind n of them the n-th address from the end is the client's. */
function clientAddress(header: (name: string) => string | null, trustProxy: boolean | number): string | null {
  if (trustProxy === false || trustProxy === 0) return null;
  const chain = (header("x-forwarded-for") ?? "").split(",").map((address) => address.trim());
  const isAddress = (element: string) => readAddress(element) !== null;
  const forwarded =
    trustProxy === true ? chain.find(isAddress) : chain[Math.max(0, chain.length - trustProxy)];
  return forwarded || header("x-real-ip");
}

function path(url: string): string {
  try {
    return new URL(url, "http://localhost").pathname;
  } catch {
    return url;
  }
}
