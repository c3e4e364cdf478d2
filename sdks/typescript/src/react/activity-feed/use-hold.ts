/** Whether rows must not move now, because their reader reads them. */
import { type FocusEvent, type PointerEvent, type RefObject, useEffect, useState } from "react";

export interface HoldHandlers {
  onPointerMove: (event: PointerEvent) => void;
  onPointerLeave: () => void;
  onFocus: (event: FocusEvent) => void;
  onBlur: () => void;
}

/** The first row may be hidden by so much and still counts as in view. */
const SCROLLED_PX = 24;

/** The pointer is over the rows, a key has led into them, or their top is out of view. */
export function useHold(list: RefObject<HTMLElement | null>, hasRows: boolean) {
  const [isPointing, setPointing] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isScrolled = useScrolled(list);

  // Rows that go away send no event for the pointer or the focus that was on them.
  useEffect(() => {
    if (hasRows) return;
    setPointing(false);
    setFocused(false);
  }, [hasRows]);

  const handlers: HoldHandlers = {
    // A finger that has gone rests on nothing.
    onPointerMove: (event) => {
      if (event.pointerType !== "touch") setPointing(true);
    },
    onPointerLeave: () => setPointing(false),
    onFocus: ({ target, currentTarget }) =>
      setFocused(target !== currentTarget && target.matches(":focus-visible")),
    onBlur: () => setFocused(false),
  };
  return { isHeld: hasRows && (isPointing || isFocused || isScrolled), handlers };
}

/** By the scrolling of the page, or of an element around the list. */
function useScrolled(list: RefObject<HTMLElement | null>): boolean {
  const [isScrolled, setScrolled] = useState(false);
  useEffect(() => {
    const look = ({ target }: Event) => {
      const element = list.current;
      if (!element || !(target instanceof Node) || !target.contains(element)) return;
      const top = target instanceof Element ? target.getBoundingClientRect().top : 0;
      const isAtTop =
        target instanceof Element ? target.scrollTop <= SCROLLED_PX : window.scrollY <= SCROLLED_PX;
      setScrolled(!isAtTop && element.getBoundingClientRect().top < top - SCROLLED_PX);
    };
    // Scrolling of an element does not bubble.
    document.addEventListener("scroll", look, { passive: true, capture: true });
    return () => document.removeEventListener("scroll", look, { capture: true });
  }, [list]);
  return isScrolled;
}
