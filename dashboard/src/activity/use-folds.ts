import { type FocusEvent, useCallback, useMemo, useState } from "react";
import type { Activity } from "../api/types";
import { type Entry, folded, type Run, unfolded } from "./folds";
import { rowButton, rowOf } from "./row-list";
import { folding } from "./table-choices";

const NONE: ReadonlySet<string> = new Set();

export interface Folds {
  entries: readonly Entry[];
  /** The row that has the focus. */
  focusId: string | null;
  onFold: (run: Run, isOpen: boolean) => void;
  /** For the element that holds the rows. */
  handlers: { onFocus: (event: FocusEvent) => void; onBlur: (event: FocusEvent) => void };
}

/** The rows with their runs folded, and which of these the reader has opened. */
export function useFolds(rows: readonly Activity[], openId: string | null): Folds {
  const isFolding = folding.use();
  const [open, setOpen] = useState(NONE);
  const [focusId, setFocusId] = useState<string | null>(null);

  const entries = useMemo(
    () => (isFolding ? folded(rows, { open, kept: [openId, focusId] }) : unfolded(rows)),
    [isFolding, rows, open, openId, focusId],
  );
  const onFold = useCallback((run: Run, isOpen: boolean) => {
    const ids = new Set(run.rows.map(({ id }) => id));
    // A row that goes away gives its focus to the head of its run.
    if (!isOpen && ids.has(rowIdOf(document.activeElement) ?? "")) rowButton(run.rows[0].id)?.focus();
    setOpen((before) => {
      const others = [...before].filter((id) => !ids.has(id));
      return new Set(isOpen ? [...others, ...ids] : others);
    });
  }, []);
  const handlers = useMemo(
    () => ({
      onFocus: ({ target }: FocusEvent) => setFocusId(rowIdOf(target)),
      onBlur: ({ relatedTarget }: FocusEvent) => setFocusId(rowIdOf(relatedTarget as Element | null)),
    }),
    [],
  );
  return { entries, focusId, onFold, handlers };
}

const rowIdOf = (element: Element | null): string | null => rowOf(element)?.dataset.activity ?? null;
