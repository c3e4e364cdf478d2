import { useCallback, useEffect, useRef, useState } from "react";
import { rowOf } from "../activity/row-list";

const SCROLLED_PX = 24;
const POINTER_REST_MS = 1_500;

/**
 * Whether rows must not move now: the reader has scrolled into them, keeps the focus on one, or the pointer
 * is moving over them, perhaps on its way to a click. `rows` goes onto the element that holds them.
 */
export function useReaderBusy() {
  const [scrolled, setScrolled] = useState(false);
  const [focused, setFocused] = useState(false);
  const [pointing, setPointing] = useState(false);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const byPointer = useLastActedByPointer();

  useEffect(() => {
    const onScroll = () => setScrolled(window.scrollY > SCROLLED_PX);
    onScroll();
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, []);
  useEffect(() => () => clearTimeout(rest.current), []);
  // A focused row that goes away, with its page, sends no event for the lost focus.
  useEffect(() => {
    if (focused && !isRowSelected(byPointer.current)) setFocused(false);
  });

  const onPointerMove = useCallback((event: React.PointerEvent) => {
    if (event.pointerType !== "mouse") return;
    setPointing(true);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => setPointing(false), POINTER_REST_MS);
  }, []);
  const onPointerLeave = useCallback(() => {
    clearTimeout(rest.current);
    setPointing(false);
  }, []);
  const onFocus = useCallback(() => setFocused(isRowSelected(byPointer.current)), [byPointer]);
  const onBlur = useCallback(() => setFocused(false), []);

  return { busy: scrolled || focused || pointing, rows: { onPointerMove, onPointerLeave, onFocus, onBlur } };
}

/**
 * A row that was reached by keyboard counts as selected; one that was clicked does not. When Escape closes the detail
 * of a clicked row, the row has the focus again, and browsers show it as if a key had moved it there.
 */
function isRowSelected(byPointer: boolean): boolean {
  const element = document.activeElement;
  return !byPointer && rowOf(element) !== null && element?.matches(":focus-visible") === true;
}

/** Whether the reader last used a pointer. Escape and chords such as "copy" go with either and decide nothing. */
function useLastActedByPointer(): React.RefObject<boolean> {
  const byPointer = useRef(false);
  useEffect(() => {
    const onPointerDown = () => {
      byPointer.current = true;
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" || event.metaKey || event.ctrlKey || event.altKey) return;
      byPointer.current = false;
    };
    // Captured, so that it is known before a handler of the same event moves the focus.
    document.addEventListener("pointerdown", onPointerDown, true);
    document.addEventListener("keydown", onKeyDown, true);
    return () => {
      document.removeEventListener("pointerdown", onPointerDown, true);
      document.removeEventListener("keydown", onKeyDown, true);
    };
  }, []);
  return byPointer;
}
