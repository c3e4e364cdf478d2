import type { Activity } from "../api/types";
import type { Break } from "../live/feed";

/** What the table and the cards have in common. */
export interface RowListProps {
  rows: readonly Activity[];
  fresh: ReadonlySet<string>;
  /** Where the stream could not go on. */
  breaks: readonly Break[];
  openId: string | null;
  /** Still the former rows, while the next ones are on their way. */
  dimmed: boolean;
  onOpen: (id: string) => void;
}

const ROW = "[data-activity], [data-row]";

/** Every row has one element that takes the focus and opens what it stands for: found by its id. */
export function rowButton(id: string): HTMLElement | null {
  const name = CSS.escape(id);
  return document.querySelector(`:is([data-activity="${name}"], [data-row="${name}"]) [data-opens]`);
}

/**
 * Closes the drawer, and gives the focus to the row that it was opened from. Nothing beneath a modal drawer takes the
 * focus, so it is closed first. Without a row, the browser gives the focus back to what had it before.
 */
export function returnTo(row: HTMLElement | null): void {
  document.querySelector("dialog")?.close();
  row?.focus();
}

/** The row that is shown before or after another one; the first of all without another one. */
export function neighbourOf(id: string | null, step: 1 | -1): HTMLElement | null {
  const shown = [...document.querySelectorAll<HTMLElement>(ROW)];
  const from = id === null ? -1 : shown.findIndex((row) => nameOf(row) === id);
  if (id !== null && from < 0) return null;
  return shown[id === null ? 0 : from + step]?.querySelector<HTMLElement>("[data-opens]") ?? null;
}

/** The id of the row that has the focus, or something in it. */
export const focusedRow = (): string | null => nameOf(rowOf(document.activeElement));

const nameOf = (row: HTMLElement | null): string | null => row?.dataset.activity ?? row?.dataset.row ?? null;

/** The row that an element stands in. */
export const rowOf = (element: Element | null): HTMLElement | null => element?.closest(ROW) ?? null;

/** Whether a list has rows that somebody may be reading, and does not just say how the first of them is made. */
export const hasRowsToRead = (list: Element | null): boolean =>
  list !== null && list.querySelector(ROW) !== null && list.querySelector("[data-first-run]") === null;
