import { useEffect, useState } from "react";

/** The value, at most once an interval. With another `key` it is another thing, which is shown at once. */
export function useThrottled<T>(value: T, key: unknown, intervalMs: number): T {
  const [shown, setShown] = useState({ value, key, at: Date.now() });
  const isSame = key === shown.key;

  useEffect(() => {
    if (isSame && value === shown.value) return;
    const show = () => setShown({ value, key, at: Date.now() });
    const wait = isSame ? shown.at + intervalMs - Date.now() : 0;
    if (wait <= 0) return show();
    const timer = setTimeout(show, wait);
    return () => clearTimeout(timer);
  }, [value, key, isSame, shown, intervalMs]);

  return isSame ? shown.value : value;
}
