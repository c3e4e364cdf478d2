/** Whether the page is looked at: a tab in the background asks nothing until it is shown. */
import { useSyncExternalStore } from "react";

const CHANGE = "visibilitychange";

function subscribe(notify: () => void): () => void {
  document.addEventListener(CHANGE, notify);
  return () => document.removeEventListener(CHANGE, notify);
}

export const useVisible = (): boolean => useSyncExternalStore(subscribe, () => !document.hidden);

/** Acts now, or as soon as the page is shown; the function that it returns calls that off. */
export function whenVisible(act: () => void): () => void {
  if (!document.hidden) {
    act();
    return () => undefined;
  }
  const unsubscribe = subscribe(() => {
    if (document.hidden) return;
    unsubscribe();
    act();
  });
  return unsubscribe;
}
