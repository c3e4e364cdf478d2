import { useState } from "react";

const STORED = "livetrail-timeline";

/**
 * Whether something is folded away, the histogram where nothing else is named: as it was left, or as `byDefault` says.
 * It is a habit, no part of the view.
 */
export function useFolded(byDefault: boolean, stored = STORED): [boolean, () => void] {
  const [chosen, setChosen] = useState(() => localStorage.getItem(stored));
  const folded = chosen ? chosen === "folded" : byDefault;
  const toggle = () => {
    const next = folded ? "unfolded" : "folded";
    localStorage.setItem(stored, next);
    setChosen(next);
  };
  return [folded, toggle];
}
