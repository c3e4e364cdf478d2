/** The addresses of the pages. */

export const LOG_PATH = "/admin/activity";
/** All addresses at which the log is shown. */
export const ACTIVITY_PATHS = ["/", LOG_PATH, "/admin-session-logs"] as const;
export const ALERTS_PATH = "/alerts";
export const RULES_PATH = "/alerts/rules";

const withQuery = (path: string, query: URLSearchParams | Record<string, string>): string => {
  const text = new URLSearchParams(query).toString();
  return text ? `${path}?${text}` : path;
};

/** The log with this filter, and with an activity opened beside it. */
export function logAddress(filter: URLSearchParams | string, activity?: string): string {
  const query = new URLSearchParams(filter);
  if (activity) query.set("activity", activity);
  return withQuery(LOG_PATH, query);
}

export const alertAddress = (id: string): string => withQuery(ALERTS_PATH, { alert: id });

export const alertsOfRule = (rule: string): string => withQuery(ALERTS_PATH, { state: "open", rule });

export const ruleAddress = (id: string): string => withQuery(RULES_PATH, { open: id });
