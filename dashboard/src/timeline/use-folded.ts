import { useState } from "react";

const STORED = "livetrail-timeline";

/** Whether the histogram is folded away: as it was left, or as `byDefault` says. It is a habit, no part of the view. */
export function useFolded(byDefault: boolean): [boolean, () => void] {
  const [chosen, setChosen] = useState(() => localStorage.getItem(STORED));
  const folded = chosen ? chosen === "folded" : byDefault;
  const toggle = () => {
    const next = folded ? "unfolded" : "folded";
    localStorage.setItem(STORED, next);
    setChosen(next);
  };
  return [folded, toggle];
}
