/** The pages of the list of alerts that are loaded, and what the stream changes in them. Pure. */
import type { InfiniteData } from "@tanstack/react-query";
import type { Alert, AlertList } from "../api/types";

export type AlertPages = InfiniteData<AlertList>;

export const rowsOf = (pages: AlertPages): readonly Alert[] => pages.pages.flatMap((page) => page.data);

/** Puts an alert in the place of its former version; the same pages if they do not have it. */
export function replaceIn(pages: AlertPages, alert: Alert): AlertPages {
  if (!rowsOf(pages).some(({ id }) => id === alert.id)) return pages;
  return mapData(pages, (data) => data.map((row) => (row.id === alert.id ? alert : row)));
}

/**
 * Puts new alerts where the list has them: the newest position first. One that lies behind everything that is loaded
 * comes with its page.
 */
export function insertInto(pages: AlertPages, alerts: readonly Alert[]): AlertPages {
  const known = new Set(rowsOf(pages).map(({ id }) => id));
  const last = rowsOf(pages).at(-1);
  const isComplete = pages.pages.at(-1)?.next_cursor == null;
  const added = alerts.filter(
    (alert) => !known.has(alert.id) && (isComplete || !last || inOrder(alert, last) < 0),
  );
  if (added.length === 0) return pages;
  // A page keeps what it had, so that its cursor still leads to the next one.
  let rest = [...added].sort(inOrder);
  const before = (row: Alert | undefined) => {
    const come = row ? rest.filter((alert) => inOrder(alert, row) < 0) : rest;
    rest = rest.slice(come.length);
    return come;
  };
  const filled = mapData(pages, (data) => data.flatMap((row) => [...before(row), row]));
  return mapData(filled, (data, index) =>
    index === filled.pages.length - 1 ? [...data, ...before(undefined)] : data,
  );
}

function mapData(pages: AlertPages, change: (data: Alert[], index: number) => Alert[]): AlertPages {
  return {
    ...pages,
    pages: pages.pages.map((page, index) => ({ ...page, data: change(page.data, index) })),
  };
}

function inOrder(a: Alert, b: Alert): number {
  if (a.position !== b.position) return b.position - a.position;
  return a.id < b.id ? 1 : -1;
}
