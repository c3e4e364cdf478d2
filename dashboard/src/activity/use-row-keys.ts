import { useEffect, useRef } from "react";
import { rowButton, rowOf } from "./row-list";

interface RowKeys {
  rows: readonly { id: string }[];
  openId: string | null;
  onMove: (id: string) => void;
  /** Closes what is open beside the list; null: nothing is. */
  onClose: (() => void) | null;
}

const DOWN = new Set(["j", "ArrowDown"]);
const UP = new Set(["k", "ArrowUp"]);
export const SEARCH_FIELD_ID = "search";

/** j and k (or arrows, once a row or the detail has the focus) move, Escape closes, / searches. */
export function useRowKeys(keys: RowKeys): void {
  const latest = useRef(keys);
  latest.current = keys;

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const { onClose } = latest.current;
      if (event.key === "Escape") {
        if (onClose) onClose();
        else if (focusedRow()) (document.activeElement as HTMLElement).blur();
      } else if (isTyping(event.target)) return;
      else if (event.key === "/") {
        const field = document.getElementById(SEARCH_FIELD_ID);
        if (field) event.preventDefault();
        field?.focus();
      } else if (DOWN.has(event.key) || UP.has(event.key)) move(event, DOWN.has(event.key) ? 1 : -1);
    };

    const move = (event: KeyboardEvent, step: 1 | -1) => {
      const { rows, openId, onMove } = latest.current;
      const from = openId ?? focusedRow();
      if (!from && event.key.startsWith("Arrow")) return;
      const index = rows.findIndex((row) => row.id === from);
      const next = from ? rows[index + step] : rows[0];
      if (!next || (from && index < 0)) return;
      event.preventDefault();
      if (openId) onMove(next.id);
      else rowButton(next.id)?.focus();
    };

    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

function focusedRow(): string | null {
  const row = rowOf(document.activeElement);
  return row?.dataset.activity ?? row?.dataset.row ?? null;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select");
