import { useEffect, useRef } from "react";

/** Where Space has a meaning of its own. */
const TAKES_SPACE =
  "input, textarea, select, button, a, summary, video, [contenteditable], [role=button], [role=option], [role=menuitem]";

/** Space pauses the list and lets it go on, unless what has the focus takes Space itself. */
export function usePauseKey(onPause: () => void): void {
  const latest = useRef(onPause);
  latest.current = onPause;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== " " || event.defaultPrevented || event.repeat) return;
      if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
      if (event.target instanceof Element && event.target.closest(TAKES_SPACE)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
