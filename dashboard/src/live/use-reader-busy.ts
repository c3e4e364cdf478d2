import { useCallback, useEffect, useRef, useState } from "react";
import { hasRowsToRead, rowOf } from "../activity/row-list";

/** The first row may be hidden by so much and still counts as in view. */
const SCROLLED_PX = 24;
/** The bar at the top covers what is scrolled under it. */
const BAR_PX = 48;

/**
 * Whether rows must not move now: their top is out of view, the pointer is over them, one has the focus, or text of
 * them is selected. `rows` goes onto the element that holds them. Where there are none yet, whatever comes is waited for.
 */
export function useReaderBusy() {
  const ref = useRef<HTMLDivElement>(null);
  const scrolled = useScrolled(ref);
  const selected = useSelected(ref);
  const [focused, setFocused] = useState(false);
  const [pointing, setPointing] = useState(false);
  const [hasRows, setHasRows] = useState(false);
  const byPointer = useLastActedByPointer();

  useEffect(() => setHasRows(hasRowsToRead(ref.current)));

  // A focused row that goes away, with its page, sends no event for the lost focus.
  useEffect(() => {
    if (focused && !isRowSelected(byPointer.current)) setFocused(false);
  });

  // A finger that has gone rests on nothing.
  const onPointerMove = useCallback((event: React.PointerEvent) => {
    if (event.pointerType !== "touch") setPointing(true);
  }, []);
  const onPointerLeave = useCallback(() => setPointing(false), []);
  const onFocus = useCallback(() => setFocused(isRowSelected(byPointer.current)), [byPointer]);
  const onBlur = useCallback(() => setFocused(false), []);

  return {
    busy: hasRows && (scrolled || selected || focused || pointing),
    rows: { ref, onPointerMove, onPointerLeave, onFocus, onBlur },
  };
}

/** Whether the first row is out of view, by the scrolling of the page or of the rows themselves. */
function useScrolled(rows: React.RefObject<HTMLElement | null>): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const look = ({ target }: { target: EventTarget | null }) => {
      const list = rows.current;
      if (!list) return;
      if (target instanceof Element) {
        if (list.contains(target)) setScrolled(target.scrollTop > SCROLLED_PX);
      } else setScrolled(isUnderBar(list));
    };
    look({ target: document });
    // Scrolling of an element does not bubble.
    document.addEventListener("scroll", look, { passive: true, capture: true });
    return () => document.removeEventListener("scroll", look, { capture: true });
  }, [rows]);
  return scrolled;
}

const isUnderBar = (list: HTMLElement): boolean =>
  window.scrollY > SCROLLED_PX && list.getBoundingClientRect().top < BAR_PX - SCROLLED_PX;

function useSelected(rows: React.RefObject<HTMLElement | null>): boolean {
  const [selected, setSelected] = useState(false);
  useEffect(() => {
    const look = () => {
      const selection = document.getSelection();
      const isInside = (node: Node | null | undefined) =>
        node != null && rows.current?.contains(node) === true;
      const isText = selection?.isCollapsed === false;
      setSelected(isText && (isInside(selection.anchorNode) || isInside(selection.focusNode)));
    };
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, [rows]);
  return selected;
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
