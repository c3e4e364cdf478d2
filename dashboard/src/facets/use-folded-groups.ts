import { useCallback, useState } from "react";

const KEY = "livetrail.facets.folded";

/** Which groups are folded, kept in this browser. */
export function useFoldedGroups(): [ReadonlySet<string>, (group: string) => void] {
  const [folded, setFolded] = useState(read);
  const toggle = useCallback(
    (group: string) =>
      setFolded((now) => {
        const next = new Set(now);
        if (!next.delete(group)) next.add(group);
        write(next);
        return next;
      }),
    [],
  );
  return [folded, toggle];
}

const FOLDED_FIRST = new Set(["category", "endpoint", "resource_type", "method", "delegate", "via"]);

function read(): ReadonlySet<string> {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === null ? FOLDED_FIRST : new Set(kept.split(","));
  } catch {
    return FOLDED_FIRST;
  }
}

function write(folded: ReadonlySet<string>): void {
  try {
    localStorage.setItem(KEY, [...folded].join(","));
  } catch {
    // A browser that keeps nothing shows the rail as it is at first.
  }
}
