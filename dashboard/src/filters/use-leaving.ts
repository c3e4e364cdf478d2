import { type FocusEvent, type RefObject, useEffect, useRef } from "react";

type Blur = (event: FocusEvent<HTMLElement>) => void;

/** Tells when the reader has gone elsewhere, by a click or by the keyboard. Another window is not elsewhere. */
export function useLeaving(enabled: boolean, onLeave: () => void): [RefObject<HTMLElement | null>, Blur] {
  const root = useRef<HTMLElement>(null);
  const latest = useRef(onLeave);
  latest.current = onLeave;
  useEffect(() => {
    if (!enabled) return;
    const onPointer = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) latest.current();
    };
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, [enabled]);
  const onBlur: Blur = ({ relatedTarget, currentTarget }) => {
    if (enabled && relatedTarget && !currentTarget.contains(relatedTarget)) latest.current();
  };
  return [root, onBlur];
}
