import { type PointerEvent, useRef } from "react";
import type { Run } from "./arithmetic";

interface Drag {
  count: number;
  run: Run | null;
  onRun: (run: Run | null) => void;
  onPoint: (index: number | null) => void;
  onChoose: (run: Run) => void;
}

/** Pointing at one of `count` bars of equal width, and dragging over several. A click is left to the bar itself. */
export function useDrag({ count, run, onRun, onPoint, onChoose }: Drag) {
  const pressed = useRef<number | null>(null);

  const indexAt = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - left) / width) * count);
    return Math.min(Math.max(index, 0), count - 1);
  };
  const cancel = () => {
    pressed.current = null;
    onRun(null);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button === 0) pressed.current = indexAt(event);
  };
  const onPointerMove = (event: PointerEvent) => {
    const to = indexAt(event);
    onPoint(to);
    const from = pressed.current;
    if (from === null || (from === to && !run)) return;
    // From now on it is no click: the pointer may leave the bars, and its release chooses.
    event.currentTarget.setPointerCapture(event.pointerId);
    onRun({ from, to });
  };
  const onPointerUp = () => {
    const isDragged = pressed.current !== null && run !== null && run.from !== run.to;
    cancel();
    if (isDragged) onChoose(run);
  };
  const onPointerLeave = () => {
    onPoint(null);
    // Without a drag there is no capture: the release happens elsewhere and is not heard of.
    if (!run) pressed.current = null;
  };
  return {
    cancel,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerLeave, onPointerCancel: cancel },
  };
}
