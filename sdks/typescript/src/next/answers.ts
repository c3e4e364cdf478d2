/** Answers of a route that do not come from Livetrail. */

const NOT_KEPT = {
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};
const PASSED_BACK = ["content-type", "retry-after"];
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 5_000;

/** An error as RFC 9457 has it. */
export function problem(status: number, detail: string): Response {
  const headers = { ...NOT_KEPT, "content-type": "application/problem+json" };
  return new Response(JSON.stringify({ type: "about:blank", title: detail, status, detail }), {
    status,
    headers,
  });
}

/** An event stream that ends at once, which brings the EventSource back. The pauses of many differ. */
export function comeBack(): Response {
  const retry = MIN_RETRY_MS + Math.floor(Math.random() * (MAX_RETRY_MS - MIN_RETRY_MS));
  const headers = { ...NOT_KEPT, "content-type": "text/event-stream" };
  return new Response(`retry: ${retry}\n\n`, { headers });
}

/** Where Livetrail refuses the key, the reader of the page can do nothing, and is not told to sign in. */
export function refusedKey({ status, body }: Response): Response | null {
  if (status !== 401 && status !== 403 && (status < 300 || status >= 400)) return null;
  void body?.cancel().catch(() => {});
  return problem(502, "Livetrail refuses the key of this route, or is not at its address");
}

/** The answer of Livetrail, without headers that hold for its own connection only. */
export function passedBack(answer: Response, body: ReadableStream<Uint8Array> | null): Response {
  const headers = new Headers(NOT_KEPT);
  for (const name of PASSED_BACK) {
    const value = answer.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(body, { status: answer.status, headers });
}
