import { useEffect, useRef } from "react";
import { areKeysOn, isTyping } from "../ui/keys";
import { focusedRow, neighbourOf } from "./row-list";

interface RowKeys {
  rows: readonly { id: string }[];
  openId: string | null;
  onMove: (id: string) => void;
  /** Closes what is open beside the list; null: nothing is. */
  onClose: (() => void) | null;
  /** Shows what happened around a row. */
  onAround?: (id: string) => void;
}

const DOWN = new Set(["j", "ArrowDown"]);
const UP = new Set(["k", "ArrowUp"]);
export const SEARCH_FIELD_ID = "search";

/** j and k (or arrows, once a row or the detail has the focus) move, b shows what was around, Escape closes, / searches. */
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
      } else if (isTyping(event.target) || (event.key.length === 1 && !areKeysOn())) return;
      else if (event.key === "/") {
        const field = document.getElementById(SEARCH_FIELD_ID);
        if (field) event.preventDefault();
        field?.focus();
      } else if (event.key === "b") showAround(event);
      else if (DOWN.has(event.key) || UP.has(event.key)) move(event, DOWN.has(event.key) ? 1 : -1);
    };

    const showAround = (event: KeyboardEvent) => {
      const { openId, onAround } = latest.current;
      const id = openId ?? focusedRow();
      if (!id || !onAround) return;
      event.preventDefault();
      onAround(id);
    };

    /** Along all rows while one is open beside them; else along those that are shown. */
    const move = (event: KeyboardEvent, step: 1 | -1) => {
      const { rows, openId, onMove } = latest.current;
      const focused = focusedRow();
      if (openId) {
        const index = rows.findIndex((row) => row.id === openId);
        const next = index < 0 ? undefined : rows[index + step];
        if (!next) return;
        event.preventDefault();
        onMove(next.id);
      } else if (focused || !event.key.startsWith("Arrow")) {
        const next = neighbourOf(focused, step);
        if (!next) return;
        event.preventDefault();
        next.focus();
      }
    };

    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
