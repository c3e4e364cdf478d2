/** A choice of this browser's user, kept in localStorage: how the page looks, never what it shows. */
import { useSyncExternalStore } from "react";

export interface Stored<T> {
  use: () => T;
  get: () => T;
  set: (value: T) => void;
}

/** `read` turns the stored JSON, or null, into a value: the text may come from another version of the page. */
export function stored<T>(key: string, read: (json: unknown) => T): Stored<T> {
  const listeners = new Set<() => void>();
  let text: string | null | undefined;
  let value: T;

  const current = (): T => {
    const found = localStorage.getItem(key);
    if (found !== text) {
      text = found;
      value = read(parsed(found));
    }
    return value;
  };
  const notify = () => {
    for (const tell of listeners) tell();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    // Another tab has chosen.
    window.addEventListener("storage", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("storage", listener);
    };
  };
  return {
    use: () => useSyncExternalStore(subscribe, current),
    get: current,
    set: (next) => {
      localStorage.setItem(key, JSON.stringify(next));
      notify();
    },
  };
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
