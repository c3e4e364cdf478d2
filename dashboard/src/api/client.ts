import { t } from "../texts/texts";
import { readJson } from "./json";
import { serverClock } from "./server-clock";
import type { Problem } from "./types";

/** A refusal by the server, or (status 0) a server that could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;
  /** The same request may succeed a moment later, without anything else being done. */
  readonly isTransient: boolean;

  constructor(problem: Problem, isFinal = false) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.status = problem.status;
    this.problem = problem;
    this.isTransient = !isFinal && (this.status === 0 || this.status === 429 || this.status >= 500);
  }
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  query?: URLSearchParams;
  body?: unknown;
  /** The body as JSON, where JavaScript would write its numbers differently. */
  json?: string;
  signal?: AbortSignal;
}

/** Calls the API with the session's cookie. Throws `ApiError` for everything that is not a success. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await answerTo(path, options);
  return (response.status === 204 ? undefined : readJson(await response.text())) as T;
}

/** The same for an answer that is read as it comes. */
export async function answerTo(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = "GET", query, body, json, signal } = options;
  const search = query?.toString();
  const init: RequestInit = { method, credentials: "same-origin", headers: { Accept: "application/json" } };
  if (signal) init.signal = signal;
  if (body !== undefined || json !== undefined) {
    init.body = json ?? JSON.stringify(body);
    init.headers = { Accept: "application/json", "Content-Type": "application/json" };
  }
  const response = await reach(search ? `${path}?${search}` : path, init);
  if (!response.ok) throw new ApiError(await readProblem(response), isFinal(response));
  return response;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  const askedAt = Date.now();
  try {
    const response = await fetch(url, init);
    serverClock.learn(response.headers.get("Date"), askedAt, Date.now());
    return response;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError({
      type: "about:blank",
      title: t("Server not reachable"),
      status: 0,
      detail: t("The Livetrail server did not answer. It may be restarting, or your network may be down."),
    });
  }
}

/**
 * Whether the same request would fail again: the server ended it because it took too long. Of the 503 that Livetrail
 * itself sends, these alone have no Retry-After. A proxy's 503 is of another type.
 */
const isFinal = ({ status, headers }: Response): boolean =>
  status === 503 &&
  !headers.has("Retry-After") &&
  headers.get("Content-Type")?.startsWith("application/problem+json") === true;

async function readProblem(response: Response): Promise<Problem> {
  const fallback = {
    type: "about:blank",
    title: response.statusText || t("Request failed"),
    status: response.status,
    detail: t("The server answered with status {status}.", { status: String(response.status) }),
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>), status: response.status };
  } catch {
    return fallback;
  }
}
