import { useEffect, useRef } from "react";

/** Something that can be done on the page that is open. The list of commands offers it. */
export interface PageAction {
  /** The same on each visit, so that it can be remembered. */
  id: string;
  words: string;
  /** The key that does the same. */
  keys?: string;
  run: () => void;
}

const offered = new Map<object, () => readonly PageAction[]>();

/** Offers these for as long as the component is there. */
export function usePageActions(actions: readonly PageAction[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    offered.set(latest, () => latest.current);
    return () => void offered.delete(latest);
  }, []);
}

/** The page's own come before those of its parts, whose effects run first. */
export const pageActions = (): PageAction[] => [...offered.values()].reverse().flatMap((read) => read());
