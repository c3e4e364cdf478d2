/** What a request tells about whoever made it. */

export interface RequestContextOptions {
  /**
   * Whether proxies of your own stand before the application, so that the headers they set can be believed: how many, or
   * `true` to take the first address of `X-Forwarded-For`. Anybody may send these headers. Without a proxy that replaces
   * them, an address that is taken from them is whatever the sender wants it to be, and so is the first one behind a
   * proxy that only appends.
   */
  trustProxy?: boolean | number | undefined;
}

/** The part of a request that is used: of the web's `Request`, and so of `NextRequest`. */
export interface RequestLike {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
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
export function requestContext(request: RequestLike, options: RequestContextOptions = {}): RequestContext {
  return {
    ipAddress: clientAddress(request, options.trustProxy ?? false),
    userAgent: request.headers.get("user-agent"),
    httpMethod: request.method,
    endpoint: path(request.url),
    requestId: request.headers.get("x-request-id"),
    // W3C Trace Context: version, trace id, parent id, flags.
    traceId: /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(request.headers.get("traceparent") ?? "")?.[1] ?? null,
  };
}

/** Each proxy appends whom it was called by, so behind n of them the n-th address from the end is the client's. */
function clientAddress({ headers }: RequestLike, trustProxy: boolean | number): string | null {
  if (trustProxy === false || trustProxy === 0) return null;
  const chain = (headers.get("x-forwarded-for") ?? "").split(",").map((address) => address.trim());
  const forwarded = trustProxy === true ? chain[0] : chain[Math.max(0, chain.length - trustProxy)];
  return forwarded || headers.get("x-real-ip");
}

function path(url: string): string {
  try {
    return new URL(url, "http://localhost").pathname;
  } catch {
    return url;
  }
}
