/**
 * The view: everything that decides what the page shows, kept in the URL and nowhere else, so that a link
 * shows a colleague the same thing. The URL uses the API's own parameter names.
 */
import { type inferParserType, parseAsString, parseAsStringLiteral } from "nuqs";
import {
  parseAsId,
  parseAsMoment,
  parseAsPage,
  parseAsPageSize,
  parseAsResult,
  parseAsTerms,
  parseAsYesNo,
} from "./parsers";

export const SORT_KEYS = ["timestamp", "action_type", "duration_ms", "status_code"] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export type ExportFormat = "csv" | "ndjson";
export const PAGE_SIZES = [20, 50, 100] as const;

/** Parameters that narrow the log. The live stream takes the very same ones. */
export const filterParsers = {
  action_filter: parseAsTerms.withDefault([]),
  success_filter: parseAsResult,
  user_search: parseAsString.withDefault(""),
  q: parseAsString.withDefault(""),
  text: parseAsString.withDefault(""),
  date_from: parseAsMoment,
  date_to: parseAsMoment,
  user_id: parseAsString,
  read_by: parseAsString,
  ip: parseAsString,
  session_id: parseAsString,
  category: parseAsString,
  endpoint: parseAsString,
  resource_id: parseAsString,
  resource_type: parseAsString,
  target_user_id: parseAsString,
  request_id: parseAsString,
  trace_id: parseAsString,
  tenant_id: parseAsString,
  delegate_id: parseAsString,
  via: parseAsString,
  method: parseAsString,
  status: parseAsString,
  is_admin: parseAsYesNo,
  anonymous: parseAsYesNo,
  delegated: parseAsYesNo,
};

/** Parameters that choose a part of what the filter matches, and its order. */
export const pagingParsers = {
  page: parseAsPage.withDefault(1),
  cursor: parseAsString,
  limit: parseAsPageSize.withDefault(50),
  sort_by: parseAsStringLiteral(SORT_KEYS).withDefault("timestamp"),
  sort_order: parseAsStringLiteral(["asc", "desc"] as const).withDefault("desc"),
};

/** The activity that is open beside the list. */
export const besideParsers = { activity: parseAsId };

export const viewParsers = { ...filterParsers, ...pagingParsers, ...besideParsers };

export type Filter = inferParserType<typeof filterParsers>;
export type View = inferParserType<typeof viewParsers>;

export const NO_FILTER: Filter = {
  action_filter: [],
  success_filter: null,
  user_search: "",
  q: "",
  text: "",
  date_from: null,
  date_to: null,
  user_id: null,
  read_by: null,
  ip: null,
  session_id: null,
  category: null,
  endpoint: null,
  resource_id: null,
  resource_type: null,
  target_user_id: null,
  request_id: null,
  trace_id: null,
  tenant_id: null,
  delegate_id: null,
  via: null,
  method: null,
  status: null,
  is_admin: null,
  anonymous: null,
  delegated: null,
};

/** Any change of filter or order starts again at the live first page: a cursor belongs to its filter. */
export const NOTHING_BESIDE = { activity: null } as const;
export const FIRST_PAGE = { page: 1, cursor: null } as const;
export const NEWEST_FIRST = { ...FIRST_PAGE, sort_by: "timestamp", sort_order: "desc" } as const;

export const isFiltered = (filter: Filter): boolean => [...filterQuery(filter)].length > 0;

/** Whether new activities belong at the top of this page: newest first, first page, head not pinned. */
export const isLiveView = (view: View): boolean =>
  view.page === 1 &&
  view.cursor === null &&
  view.sort_by === "timestamp" &&
  view.sort_order === "desc" &&
  !isSearchOfText(view);

/** Words of messages and details are found by a search of what is stored, which a stream refuses. */
export const isSearchOfText = ({ text }: Pick<Filter, "text">): boolean => text.trim() !== "";

/** These are in the view as the API takes them: `terms.ts` has their grammar. */
const PASSED_ON = [
  "success_filter",
  "date_from",
  "date_to",
  "user_id",
  "read_by",
  "ip",
  "session_id",
  "category",
  "endpoint",
  "resource_id",
  "resource_type",
  "target_user_id",
  "request_id",
  "trace_id",
  "tenant_id",
  "delegate_id",
  "via",
  "method",
  "status",
  "is_admin",
  "anonymous",
  "delegated",
] as const;

/** The filter as parameters of the list and of the stream. Empty when nothing is filtered. */
export function filterQuery(filter: Filter): URLSearchParams {
  const query = new URLSearchParams();
  for (const action of filter.action_filter) query.append("action_filter", action);
  for (const name of ["q", "text", "user_search"] as const) {
    const text = filter[name].trim();
    if (text) query.set(name, text);
  }
  for (const name of PASSED_ON) {
    const value = filter[name];
    if (value !== null && value !== "") query.set(name, String(value));
  }
  return query;
}

/**
 * The parameters of the list: a cursor knows its page, so it goes without the page's number. The statistics take longer
 * than the page, so they are asked for apart.
 */
export function listQuery(view: View): URLSearchParams {
  const query = filterQuery(view);
  query.set("limit", String(view.limit));
  setOrder(query, view);
  if (view.cursor) query.set("cursor", view.cursor);
  else query.set("page", String(view.page));
  query.set("stats", "false");
  return query;
}

/** The parameters of an export: what the list shows on all of its pages together, in the same order. */
export function exportQuery(view: View, format: ExportFormat): URLSearchParams {
  const query = filterQuery(view);
  query.set("format", format);
  setOrder(query, view);
  return query;
}

function setOrder(query: URLSearchParams, view: View): void {
  query.set("sort_by", view.sort_by);
  query.set("sort_order", view.sort_order);
}
