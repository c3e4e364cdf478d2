import { useEffect, useRef, useState } from "react";

/**
 * A text field whose value is committed a moment after the last keystroke. When the committed value changes
 * from outside (Back, "clear"), the field follows.
 */
export function useDebounced(
  committed: string,
  commit: (text: string) => void,
  delayMs = 300,
): [string, (text: string) => void] {
  const [draft, setDraft] = useState(committed);
  const sent = useRef(committed);

  useEffect(() => {
    if (committed === sent.current) return;
    sent.current = committed;
    setDraft(committed);
  }, [committed]);

  useEffect(() => {
    if (draft === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = draft;
      commit(draft);
    }, delayMs);
    return () => clearTimeout(timer);
  }, [draft, commit, delayMs]);

  return [draft, setDraft];
}
