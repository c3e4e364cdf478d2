import { useSyncExternalStore } from "react";

/** One ticking clock for the whole page. Readers render again only when their own text changes. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(notify: () => void): () => void {
  listeners.add(notify);
  timer ??= setInterval(() => {
    for (const tell of listeners) tell();
  }, 1_000);
  return () => {
    listeners.delete(notify);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Epoch seconds. */
export const nowSeconds = (): number => Date.now() / 1_000;

export function useClock<T extends string | number | boolean>(read: (nowSeconds: number) => T): T {
  return useSyncExternalStore(subscribe, () => read(nowSeconds()));
}
