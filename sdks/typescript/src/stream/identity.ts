/** Which followers may share a stream: those that ask for the same, as the same reader. */
import { DEFAULT_URL, filterParameters } from "./address.js";
import type { ConnectionOptions } from "./own-stream.js";

export interface Identity {
  /** Among the hooks of a page; null: not shared. */
  page: string | null;
  /** Among the tabs of a browser; null: not shared. */
  tabs: string | null;
}

const ALONE: Identity = { page: null, tabs: null };

/** Functions have no value to compare, so each gets a number. */
const numbers = new WeakMap<object, number>();
let last = 0;

function numberOf(thing: object): number {
  const number = numbers.get(thing) ?? ++last;
  numbers.set(thing, number);
  return number;
}

/**
 * A stream shows what its reader may see, so the reader is part of its identity: the name that `share` gives, the token,
 * or else whom the cookies belong to. A function may give any token: it is shared in its own page only, unless `share`
 * names the reader.
 */
export function identityOf(options: ConnectionOptions, share: boolean | string): Identity {
  if (share === false) return ALONE;
  const {
    url = DEFAULT_URL,
    filter,
    token,
    tokenParameter = "token",
    withCredentials = false,
    EventSource,
  } = options;
  const stream = `${url}?${filterParameters(filter)} ${withCredentials} ${tokenParameter}`;
  const named = typeof share === "string" ? `name:${share}` : null;
  const reader = named ?? (token ? `token:${token}` : "cookies");
  const implementation = EventSource ? ` ${numberOf(EventSource)}` : "";
  if (typeof token === "function" && !named) {
    return { page: `${stream} function:${numberOf(token)}${implementation}`, tabs: null };
  }
  // An address may be relative to the page.
  const place = globalThis.location?.href ?? "";
  return {
    page: `${stream} ${reader}${implementation}`,
    tabs: `${absolute(url, place)} ${stream} ${reader}`,
  };
}

function absolute(url: string, place: string): string {
  try {
    return new URL(url, place).href;
  } catch {
    return url;
  }
}
