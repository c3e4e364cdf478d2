/**
 * How wide what is open beside a list is: one number, kept in this browser. The style sheet reads it, so dragging
 * renders nothing anew.
 */

const KEY = "livetrail.pane";
const PROPERTY = "--pane-kept";

/** In pixels. The style sheet holds it to these as well, and leaves the list its part of a smaller window. */
export const PANE = { least: 320, most: 1_200, usual: 480 } as const;

export const clampPane = (width: number): number =>
  Math.round(Math.min(PANE.most, Math.max(PANE.least, Number.isFinite(width) ? width : PANE.usual)));

export function keepPaneWidth(width: number): number {
  const kept = clampPane(width);
  show(kept);
  try {
    localStorage.setItem(KEY, String(kept));
  } catch {
    // A browser may refuse to keep anything: the width then lasts as long as the page.
  }
  return kept;
}

/** Brings the kept width back; called once, when something is opened beside a list. */
export function restorePaneWidth(): number {
  const width = clampPane(Number(read() ?? PANE.usual));
  show(width);
  return width;
}

const show = (width: number): void => document.documentElement.style.setProperty(PROPERTY, `${width}px`);

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
