import { useEffect, useState } from "react";

/** A list for each letter that is typed would be too many. */
const SETTLED_MS = 300;

/** The value once it has stayed the same for a moment. `isQuick` says which values need no wait. */
export function useSettled<T>(value: T, isQuick: (value: T, before: T) => boolean): T {
  const [settled, setSettled] = useState(value);
  const isNow = settled !== value && isQuick(value, settled);
  useEffect(() => {
    if (settled === value) return;
    const timer = setTimeout(() => setSettled(value), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [settled, value]);
  if (isNow) setSettled(value);
  return isNow ? value : settled;
}
