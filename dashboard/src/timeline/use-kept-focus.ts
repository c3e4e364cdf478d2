import { type FocusEvent, useEffect, useRef } from "react";
import type { Bucket } from "../api/types";

/** Keeps the keyboard focus among the bars when other bars replace those that were narrowed to. */
export function useKeptFocus(buckets: readonly Bucket[]) {
  const group = useRef<HTMLFieldSetElement>(null);
  const hasFocus = useRef(false);

  useEffect(() => {
    if (buckets.length === 0 || !hasFocus.current || group.current?.contains(document.activeElement)) return;
    group.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }, [buckets]);

  const onFocusCapture = (event: FocusEvent) => {
    hasFocus.current = event.target.matches(":focus-visible");
  };
  // What is taken away does not tell that it has lost the focus, so this is the reader's own doing.
  const onBlurCapture = () => {
    hasFocus.current = false;
  };
  return { ref: group, onFocusCapture, onBlurCapture };
}
