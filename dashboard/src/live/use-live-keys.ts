import { useEffect, useRef } from "react";
import { areKeysOn } from "../ui/keys";

/** What a key of its own goes to: it is not taken from there. */
const TAKES_KEYS =
  "input, textarea, select, button, a, summary, [contenteditable], [role=button], [role=option], [role=menuitem], dialog";

/** Space pauses and resumes; "." brings in what waits. */
export function useLiveKeys(onPause: () => void, onNewest: () => void): void {
  const latest = useRef({ onPause, onNewest });
  latest.current = { onPause, onNewest };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const target = event.target instanceof Element ? event.target : null;
      if (!areKeysOn()) return;
      // A row keeps the focus while it is read, and "." means nothing to it.
      if (event.key === "." && !target?.closest("input, textarea, select, [contenteditable], dialog"))
        latest.current.onNewest();
      else if (event.key === " " && !event.shiftKey && !target?.closest(TAKES_KEYS)) latest.current.onPause();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
