import type { Activity } from "../api/types";

/** What the table and the cards have in common. */
export interface RowListProps {
  rows: readonly Activity[];
  fresh: ReadonlySet<string>;
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

/** The row that an element stands in. */
export const rowOf = (element: Element | null): HTMLElement | null => element?.closest(ROW) ?? null;
