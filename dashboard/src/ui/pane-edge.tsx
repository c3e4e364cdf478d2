import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { t } from "../texts/texts";
import { clampPane, keepPaneWidth, PANE, restorePaneWidth } from "./pane-width";

const KEY_STEP = 24;

/** The edge between a list and what is open beside it: dragged, moved by the arrow keys, or reset by two clicks. */
export function PaneEdge() {
  const [width, setWidth] = useState(restorePaneWidth);
  const keep = (next: number) => setWidth(keepPaneWidth(next));

  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    keep(document.documentElement.clientWidth - event.clientX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A window may have too little room for the width that is kept.
    const drawn = event.currentTarget.parentElement?.getBoundingClientRect().width || width;
    const next = {
      ArrowLeft: drawn + KEY_STEP,
      ArrowRight: drawn - KEY_STEP,
      Home: PANE.least,
      End: PANE.most,
    }[event.key];
    if (next === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    keep(next);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule of HTML cannot be moved
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={t("Width of the pane")}
      aria-valuenow={clampPane(width)}
      aria-valuemin={PANE.least}
      aria-valuemax={PANE.most}
      tabIndex={0}
      title={t("Drag, or use the arrow keys. A double click resets it.")}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => keep(PANE.usual)}
      onKeyDown={onKeyDown}
      className="group absolute inset-y-0 -left-3 z-10 hidden w-6 cursor-col-resize touch-none outline-none lg:block"
    >
      <span className="absolute inset-y-0 left-3 w-px bg-line group-hover:w-0.5 group-hover:bg-accent group-focus-visible:w-1 group-focus-visible:bg-accent" />
    </div>
  );
}
