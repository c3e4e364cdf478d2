import { type RefCallback, useCallback, useState } from "react";

/** Whether an element is on the screen, at least in part, and the `ref` that the element needs. */
export function useOnScreen(): [ref: RefCallback<Element>, isOnScreen: boolean] {
  const [isOnScreen, setOnScreen] = useState(false);
  const ref = useCallback((element: Element | null) => {
    if (!element) return;
    const observer = new IntersectionObserver((entries) => {
      setOnScreen(entries.at(-1)?.isIntersecting ?? false);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, isOnScreen];
}
