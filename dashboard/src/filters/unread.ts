/** The parameters of an address that the page cannot follow. They are named: a filter that is dropped silently misleads. */
import type { Text } from "../texts/texts";
import { viewParsers } from "./view";

export interface Unread {
  name: string;
  value: string;
  why: Text;
}

const UNKNOWN: Text = "is not a parameter of this page";
const UNREADABLE: Text = "cannot be read";
const REPEATED: Text = "is given more than once, and only the first counts";

/** What a page reads of its address. */
export type Parsers = Record<string, { parse: (text: string) => unknown }>;

/** The parameters of an address that decide nothing of what is shown. */
export const unreadParameters = (search: string, parsers: Parsers = viewParsers): Unread[] =>
  judge(search, parsers).flatMap(({ why, ...parameter }) => (why === null ? [] : [{ ...parameter, why }]));

/** The same address without them. */
export const withoutUnread = (search: string, parsers: Parsers = viewParsers): string =>
  new URLSearchParams(
    judge(search, parsers).flatMap(({ name, value, why }) => (why === null ? [[name, value]] : [])),
  ).toString();

function judge(search: string, parsers: Parsers): (Omit<Unread, "why"> & { why: Text | null })[] {
  const seen = new Set<string>();
  return [...new URLSearchParams(search)].map(([name, value]) => {
    const why = whyUnread(parsers, name, value, seen.has(name));
    seen.add(name);
    return { name, value, why };
  });
}

function whyUnread(parsers: Parsers, name: string, value: string, again: boolean): Text | null {
  const parser = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  if (!parser) return UNKNOWN;
  if (again) return REPEATED;
  return value !== "" && parser.parse(value) === null ? UNREADABLE : null;
}
