import { useSyncExternalStore } from "react";

/** What is open over any page. Buttons and keys of several places open it. */
export type Sheet = "commands" | "keys";

let open: Sheet | null = null;
const readers = new Set<() => void>();

export function openSheet(sheet: Sheet | null): void {
  open = sheet;
  for (const tell of readers) tell();
}

function subscribe(tell: () => void): () => void {
  readers.add(tell);
  return () => readers.delete(tell);
}

export const useSheet = (): Sheet | null => useSyncExternalStore(subscribe, () => open);
