/** The addresses of the pages. */

export const LOG_PATH = "/admin/activity";
/** Leads to the log. */
export const ADMIN_PATH = "/admin";
/** All addresses at which the log is shown. */
export const ACTIVITY_PATHS = ["/", LOG_PATH, "/admin-session-logs"] as const;
export const ALERTS_PATH = "/alerts";
export const RULES_PATH = "/alerts/rules";
export const PEOPLE_PATH = "/admin/people";
export const SESSIONS_PATH = "/admin/sessions";
export const NETWORKS_PATH = "/admin/networks";
export const RESOURCES_PATH = "/admin/resources";
export const REPORTS_PATH = "/admin/reports";
export const SIGN_INS_PATH = "/admin/sign-ins";
export const SETTINGS_PATH = "/admin/settings";
export const KEYS_PATH = "/admin/keys";
export const HEALTH_PATH = "/admin/health";

/** What `Route` takes: the parameters' names are those of the page that reads them. */
export const PERSON_ROUTE = `${PEOPLE_PATH}/:id`;
export const SESSION_ROUTE = `${SESSIONS_PATH}/:id`;
/** A network and the id of a resource may hold slashes. */
export const NETWORK_ROUTE = `${NETWORKS_PATH}/*`;
export const RESOURCE_ROUTE = `${RESOURCES_PATH}/:type/*`;
/** All addresses of reports. */
export const REPORT_PATHS = /^\/admin\/reports(?:\/.*)?$/;
/** All addresses of pages about people, sessions, networks and resources. */
export const SUBJECT_PATHS = /^\/admin\/(?:people|sessions|networks|resources)(?:\/.*)?$/;

const withQuery = (path: string, query: URLSearchParams | Record<string, string>): string => {
  const text = new URLSearchParams(query).toString();
  return text ? `${path}?${text}` : path;
};

/** A browser takes `.` and `..` for folders, however they are escaped. A tilde before them makes them names. */
const segment = (name: string): string =>
  /^\.{1,2}$/.test(name) ? `~${name}` : encodeURIComponent(name.replace(/^~/, "~~"));

const below = (path: string, ...parts: string[]): string => [path, ...parts.map(segment)].join("/");

/** What the address has below a path, still escaped. The router unescapes a part of it, so that `%252F` became a slash. */
export const rawBelow = (path: string): string => window.location.pathname.slice(path.length + 1);

/** The name that a part of an address stands for. */
export function nameOf(part: string): string {
  try {
    return decodeURIComponent(part).replace(/^~/, "");
  } catch {
    return part;
  }
}

/** The page of a person, who is a user of a tenant or of none. */
export const personAddress = (id: string, tenant: string | null = null): string =>
  withQuery(below(PEOPLE_PATH, id), tenant === null ? {} : { tenant_id: tenant });
export const sessionAddress = (id: string): string => below(SESSIONS_PATH, id);
/** Of an address or of a network such as "203.0.113.0/24". */
export const networkAddress = (network: string): string => below(NETWORKS_PATH, network);
export const resourceAddress = (type: string, id: string): string => below(RESOURCES_PATH, type, id);

/** The log with this filter, and with an activity opened beside it. */
export function logAddress(filter: URLSearchParams | string, activity?: string): string {
  const query = new URLSearchParams(filter);
  if (activity) query.set("activity", activity);
  return withQuery(LOG_PATH, query);
}

/** The page of a report, by its name in the API. */
export const reportAddress = (name: string): string => below(REPORTS_PATH, name);

export const alertAddress = (id: string): string => withQuery(ALERTS_PATH, { alert: id });

export const alertsOfRule = (rule: string): string => withQuery(ALERTS_PATH, { state: "open", rule });

export const ruleAddress = (id: string): string => withQuery(RULES_PATH, { open: id });
