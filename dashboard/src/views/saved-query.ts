/**
 * How a view is kept. It has the parameters of the address, without those that are about one page or one activity. A
 * range that ends now is kept as `window`, so that the view moves with time.
 */
import { matchingRange } from "../filters/ranges";
import { type View, viewParsers } from "../filters/view";
import { WINDOW_SECONDS, WINDOWS } from "../filters/windows";

const OF_THE_MOMENT = ["page", "cursor", "activity"];

/** What of an address a view keeps. */
export function savedQuery(search: string, nowSeconds: number): string {
  const query = new URLSearchParams(search);
  for (const name of [...query.keys()]) {
    if (OF_THE_MOMENT.includes(name) || !Object.hasOwn(viewParsers, name)) query.delete(name);
  }
  const dates = { date_from: dateOf(query, "date_from"), date_to: dateOf(query, "date_to") };
  const range = matchingRange(dates, nowSeconds);
  const window = WINDOWS.find((name) => WINDOW_SECONDS[name] === range?.seconds);
  if (window) {
    query.delete("date_from");
    query.set("window", window);
  }
  return query.toString();
}

/** The address of a view, at a time. */
export function openedQuery(saved: string, nowSeconds: number): string {
  const query = new URLSearchParams(saved);
  const window = WINDOWS.find((name) => name === query.get("window"));
  query.delete("window");
  if (window) query.set("date_from", String(Math.floor((nowSeconds - WINDOW_SECONDS[window]) / 60) * 60));
  return query.toString();
}

const ORDER: readonly (keyof View)[] = ["sort_by", "sort_order", "limit"];

/**
 * The filter alone, as the statistics take it. The server records a read of another filter anew, so it stays the same
 * for an hour: longer ranges begin with the hour, and for the last day the statistics have a count of their own.
 */
export function countedBy(saved: string, nowSeconds: number): { filter: URLSearchParams; lastDay: boolean } {
  const query = new URLSearchParams(saved);
  const lastDay = query.get("window") === "24h";
  if (lastDay) query.delete("window");
  const filter = new URLSearchParams(openedQuery(query.toString(), Math.floor(nowSeconds / 3_600) * 3_600));
  for (const name of [...ORDER, "columns", "density"]) filter.delete(name);
  return { filter, lastDay };
}

/** Whether an address shows a view: the same parameters, in whichever order they stand. */
export function isShown(saved: string, search: string, nowSeconds: number): boolean {
  const sorted = (query: string) => {
    const pairs = new URLSearchParams(query);
    pairs.sort();
    return pairs.toString();
  };
  return sorted(saved) === sorted(savedQuery(search, nowSeconds));
}

function dateOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  return text === null || text === "" || !Number.isFinite(Number(text)) ? null : Number(text);
}
