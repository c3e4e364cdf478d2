/** Draws of a long list only what is in sight. All of its lines have the same height. */
import { type RefObject, useEffect, useRef, useState } from "react";

/** Shorter lists are drawn whole: the browser's own search and screen readers then have all of it. */
const MAX_WHOLE = 60;
const OVERSCAN = 6;
/** The window moves in steps, so that scrolling draws anew only now and then. */
const STEP = 6;

export interface Range {
  first: number;
  /** Behind the last one. */
  end: number;
}

/** The lines to draw of `count`. `body` holds them, with room for those that are left out. */
export function useWindow(
  count: number,
  linePx: number,
): { range: Range; body: RefObject<HTMLTableSectionElement | null> } {
  const body = useRef<HTMLTableSectionElement>(null);
  const [seen, setSeen] = useState<Range>({ first: 0, end: MAX_WHOLE });
  const isLong = count > MAX_WHOLE;

  useEffect(() => {
    if (!isLong) return;
    let frame: number | undefined;
    const look = () => {
      frame = undefined;
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const first = step(-top / linePx - OVERSCAN);
      const end = step((window.innerHeight - top) / linePx + OVERSCAN) + STEP;
      setSeen((before) => (before.first === first && before.end === end ? before : { first, end }));
    };
    const lookSoon = () => {
      frame ??= requestAnimationFrame(look);
    };
    look();
    // Captured, since the list may be in an element that scrolls by itself.
    document.addEventListener("scroll", lookSoon, { capture: true, passive: true });
    window.addEventListener("resize", lookSoon);
    return () => {
      document.removeEventListener("scroll", lookSoon, { capture: true });
      window.removeEventListener("resize", lookSoon);
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [isLong, linePx]);

  if (!isLong) return { range: { first: 0, end: count }, body };
  const end = Math.min(count, Math.max(seen.end, STEP));
  return { range: { first: Math.min(seen.first, Math.max(0, end - STEP)), end }, body };
}

const step = (index: number): number => Math.max(0, Math.floor(index / STEP) * STEP);

/** A line to draw, or the number of lines that are left out. */
export interface Drawn {
  index: number;
  skipped: number;
}

/** What to draw of `count` lines: the range, and with its neighbours a line that has the focus. */
export function drawnOf(count: number, { first, end }: Range, pinned: number): Drawn[] {
  const indexes = new Set<number>();
  for (let index = first; index < end; index += 1) indexes.add(index);
  for (const index of [pinned - 1, pinned, pinned + 1]) {
    if (pinned >= 0 && index >= 0 && index < count) indexes.add(index);
  }
  const drawn: Drawn[] = [];
  let next = 0;
  for (const index of [...indexes].sort((a, b) => a - b)) {
    if (index > next) drawn.push({ index: next, skipped: index - next });
    drawn.push({ index, skipped: 0 });
    next = index + 1;
  }
  if (next < count) drawn.push({ index: next, skipped: count - next });
  return drawn;
}
