import { type FocusEvent, type KeyboardEvent, type MouseEvent, useState } from "react";
import type { Run } from "./arithmetic";
import { useDrag } from "./use-drag";

/** What the keys do with the place among `count` bars. */
const MOVES: Record<string, (index: number, count: number) => number> = {
  ArrowLeft: (index) => Math.max(index - 1, 0),
  ArrowRight: (index, count) => Math.min(index + 1, count - 1),
  Home: () => 0,
  End: (_, count) => count - 1,
};

const barOf = (target: EventTarget): number | null => {
  const bar = (target as Element).closest<HTMLElement>("[data-bar]")?.dataset.bar;
  return bar === undefined ? null : Number(bar);
};

/**
 * Choosing a bar by a click or Enter, or a run of them by dragging or Shift and the arrow keys. `handlers` go onto
 * the element whose children are the bars. It has the focus, since a bar alone is too narrow to be a target.
 */
export function useRun(count: number, onChoose: (run: Run) => void) {
  /** The run that is being chosen. */
  const [run, setRun] = useState<Run | null>(null);
  /** The bar that is pointed at or has the focus. */
  const [pointed, setPointed] = useState<number | null>(null);
  const [place, setPlace] = useState(Number.POSITIVE_INFINITY);
  const current = Math.min(place, count - 1);

  const choose = (chosen: Run) => {
    setPointed(null);
    onChoose(chosen);
  };
  const { cancel, handlers } = useDrag({
    count,
    run,
    onRun: setRun,
    onPoint: setPointed,
    onChoose: choose,
  });

  const onClick = (event: MouseEvent) => {
    const bar = barOf(event.target);
    if (bar === null) return;
    setPlace(bar);
    choose({ from: bar, to: bar });
  };
  const onFocus = (event: FocusEvent) => {
    if (event.currentTarget.matches(":focus-visible")) setPointed(current);
  };
  const onBlur = () => {
    setPointed(null);
    setRun(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move) {
      event.preventDefault();
      const to = move(current, count);
      setRun(event.shiftKey ? { from: run?.from ?? current, to } : null);
      setPlace(to);
      setPointed(to);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      cancel();
      choose(run ?? { from: current, to: current });
    } else if (run && event.key === "Escape") {
      event.stopPropagation();
      cancel();
    }
  };

  return {
    run,
    pointed: pointed !== null && pointed < count ? pointed : null,
    current,
    handlers: { ...handlers, onClick, onFocus, onBlur, onKeyDown },
  };
}
