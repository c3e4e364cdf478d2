/** An EventSource of a browser does not say why it was refused, so the same is asked for without opening a stream. */

/** An error that says how a stream was answered. */
export class StreamRefusedError extends Error {
  override readonly name = "StreamRefusedError";
  /** The HTTP status. */
  readonly status: number;

  constructor(status: number) {
    super(`the stream was answered with ${status}`);
    this.status = status;
  }
}

/** The status, or null where there is no answer. It uses no ticket up. */
export async function statusOf(url: string, withCredentials: boolean): Promise<number | null> {
  try {
    const headers = { Accept: "text/event-stream" };
    const credentials = withCredentials ? "include" : "same-origin";
    return (await fetch(url, { method: "HEAD", headers, credentials, cache: "no-store" })).status;
  } catch {
    return null;
  }
}
