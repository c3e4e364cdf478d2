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

/** Every row has one element that takes the focus and opens the activity: found by its id. */
export const rowButton = (id: string): HTMLElement | null =>
  document.querySelector(`[data-activity="${CSS.escape(id)}"] [data-opens]`);
