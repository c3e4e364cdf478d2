import type { ActivityStreamOptions } from "../stream/activity-stream.js";

export interface UseActivityStreamOptions
  extends Pick<
    ActivityStreamOptions,
    | "url"
    | "token"
    | "tokenParameter"
    | "filter"
    | "lastEventId"
    | "withCredentials"
    | "EventSource"
    | "onActivity"
    | "onReset"
    | "onAlert"
  > {
  /** Most activities that are kept, the newest of them. 100. */
  limit?: number | undefined;
  /** Whether to follow at all. True. */
  enabled?: boolean | undefined;
  /** Reads the list before it follows: how many activities (1 to 100), or true for 50. Default: false, from now. */
  history?: boolean | number | undefined;
  /** Most activities that are kept once older ones were loaded. 1,000. */
  maxActivities?: number | undefined;
  /** Where the list is. Default: the stream's address without `/stream`. */
  listUrl?: string | undefined;
  /** Asks for lists. Default: the global one. */
  fetch?: typeof fetch | undefined;
  /**
   * Whether hooks and tabs that follow the same as the same reader have one connection. True. A text names the reader:
   * needed where `token` is a function, and where several people sign in with one browser.
   */
  share?: boolean | string | undefined;
}

/** What callbacks and later requests use: the options of the last render. */
export interface CurrentOptions {
  readonly current: UseActivityStreamOptions;
}

export const LIMIT = 100;
const MAX_ACTIVITIES = 1_000;
const PAGE = 50;
const MAX_PAGE = 100;

/** How many activities a page has; 0: there is no history. */
export function pageSize({ history, limit = LIMIT }: UseActivityStreamOptions): number {
  if (!history) return 0;
  return Math.max(1, Math.min(history === true ? PAGE : Math.trunc(history), limit, MAX_PAGE));
}

/** Most rows that are kept. Once older ones were asked for, new ones must not push them out at once. */
export function mostRows(
  { limit = LIMIT, maxActivities = MAX_ACTIVITIES }: UseActivityStreamOptions,
  isExpanded: boolean,
): number {
  return isExpanded ? Math.max(limit, maxActivities) : limit;
}
