/** Pages of the list: the history that a stream continues. */
import type { StoredActivity } from "../activity.js";
import { type ActivityFilter, filterParameters } from "../stream/address.js";

export interface ActivityPage {
  data: StoredActivity[];
  next_cursor: string | null;
  /** A stream that begins with it goes on from this list. */
  head_cursor: string;
}

export interface PageSource {
  listUrl: string;
  filter: ActivityFilter | undefined;
  /** The bearer token, or null where cookies have to do. */
  token: string | null;
  withCredentials: boolean;
  fetch: typeof fetch;
}

/** Where older activities begin: at a time, after a page, or after a page of those from a time on. */
export interface Older {
  until?: string | undefined;
  cursor?: string | undefined;
}

/** The list was refused, or could not be read. */
export class ActivityListError extends Error {
  override readonly name = "ActivityListError";
  /** The HTTP status; 0 where there was no answer that could be read. */
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }

  /** Whether the same request may be answered later: the server is away, or the user has to sign in. */
  get isPassing(): boolean {
    return [0, 401, 403, 408, 429].includes(this.status) || this.status >= 500;
  }
}

/** The address of the list beside a stream's. An address that serves both is its own. */
export function listUrlOf(streamUrl: string): string {
  return streamUrl
    .replace(/\/admin-sessions\/activity-stream(?=\?|$)/, "/admin/activity")
    .replace(/\/stream(?=\?|$)/, "");
}

/** The newest activities, or those that come after others. */
export async function fetchPage(
  source: PageSource,
  limit: number,
  older: Older | null,
  signal: AbortSignal,
): Promise<ActivityPage> {
  const response = await answer(source, pageAddress(source, limit, older), signal);
  if (!response.ok) throw new ActivityListError(await reasonOf(response), response.status);
  const page = (await response.json().catch(() => null)) as ActivityPage | null;
  if (!Array.isArray(page?.data)) throw new ActivityListError("the answer is not a list of activities", 0);
  return page;
}

function pageAddress({ listUrl, filter }: PageSource, limit: number, older: Older | null): string {
  const parameters = filterParameters(filter);
  if (older?.until) parameters.set("date_to", older.until);
  if (older?.cursor) parameters.set("cursor", older.cursor);
  parameters.set("limit", String(limit));
  return `${listUrl}${listUrl.includes("?") ? "&" : "?"}${parameters}`;
}

async function answer(source: PageSource, address: string, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (source.token) headers.Authorization = `Bearer ${source.token}`;
  const credentials = source.withCredentials ? "include" : "same-origin";
  const { fetch } = source;
  try {
    return await fetch(address, { headers, credentials, signal, cache: "no-store" });
  } catch (cause) {
    throw new ActivityListError("the list could not be asked for", 0, { cause });
  }
}

/** What a problem says, as RFC 9457 has it. */
async function reasonOf(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => null)) as { detail?: unknown } | null;
  const detail = typeof problem?.detail === "string" ? `: ${problem.detail}` : "";
  return `the list was answered with ${response.status}${detail}`;
}
