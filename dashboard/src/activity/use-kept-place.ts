import { useCallback, useLayoutEffect, useRef } from "react";
import { rowButton } from "./row-list";

/**
 * Keeps a row where it is on the screen when a drawer opens or closes: the filters above it may then take another line.
 * The returned function remembers the place of a row. Once `aside` has another value, the page scrolls back to it.
 */
export function useKeptPlace(aside: string | null): (id: string) => void {
  const kept = useRef<{ id: string; top: number } | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the page is laid out anew when `aside` changes
  useLayoutEffect(() => {
    const place = kept.current;
    kept.current = null;
    const row = place && rowButton(place.id);
    if (row) window.scrollBy({ top: row.getBoundingClientRect().top - place.top });
  }, [aside]);

  return useCallback((id: string) => {
    const row = rowButton(id);
    kept.current = row && { id, top: row.getBoundingClientRect().top };
  }, []);
}
