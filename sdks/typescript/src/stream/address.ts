/** The address of a stream: its filter, credential and cursor are parameters, since an EventSource sends no headers. */

/** Where the stream is, on the page's own origin. */
export const DEFAULT_URL = "/api/admin/activity/stream";

type FilterValue = string | number | boolean | null | undefined;

/** The filters of the list, under their names; several values mean any of them. */
export type ActivityFilter = Readonly<Record<string, FilterValue | readonly FilterValue[]>>;

export interface AddressParts {
  url: string;
  filter: ActivityFilter | undefined;
  /** The parameter that carries the token, and the token. */
  credential: readonly [name: string, value: string] | null;
  lastEventId: string | null;
}

/** The filter as parameters, in the order of their names: equal filters give equal text. */
export function filterParameters(filter: ActivityFilter | undefined): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of Object.keys(filter ?? {}).sort()) {
    const values = [filter?.[name]].flat();
    for (const value of values) {
      if (value !== null && value !== undefined && value !== "") parameters.append(name, String(value));
    }
  }
  return parameters;
}

/** The value of a filter in which commas and `!` mean nothing. */
export function exactly(value: string): string {
  return value.replace(/[\\,!]/g, "\\$&");
}

export function streamAddress({ url, filter, credential, lastEventId }: AddressParts): string {
  const parameters = filterParameters(filter);
  if (credential) parameters.set(...credential);
  if (lastEventId) parameters.set("last_event_id", lastEventId);
  const search = parameters.toString();
  if (!search) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${search}`;
}
