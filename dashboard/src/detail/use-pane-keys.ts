import { useEffect, useRef } from "react";
import { areKeysOn, isTyping } from "../ui/keys";

/** Keys of what is open, wherever the focus is, unless somebody types or a chord is pressed. */
export function usePaneKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !areKeysOn() || isTyping(event.target)) return;
      // Many keyboards have `|` on a third level, which some systems report as Ctrl and Alt.
      if (event.metaKey || (event.ctrlKey && !event.getModifierState("AltGraph"))) return;
      const act = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined;
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
