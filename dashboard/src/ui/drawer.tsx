import { type ReactNode, useEffect, useRef } from "react";
import { DRAWERS, type DrawerSize } from "./drawer-sizes";
import { PaneEdge } from "./pane-edge";
import { useMedia } from "./use-media";

interface DrawerProps {
  /** The id of what the drawer is called by. */
  titleId: string;
  size: DrawerSize;
  /** It takes the whole page, which cannot be used meanwhile. */
  full?: boolean;
  onClose: () => void;
  head: ReactNode;
  children: ReactNode;
}

/**
 * Beside the page where there is room, so that both can be used: the page gives way to it. Elsewhere it lies over the
 * page, which cannot be used meanwhile: what takes the focus would be covered. A phone's screen is filled by it.
 */
export function Drawer({ titleId, size, full = false, onClose, head, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { width, beside: query } = DRAWERS[size];
  const beside = useMedia(query) && !full;

  useEffect(() => {
    const element = dialog.current;
    if (beside) element?.show();
    else element?.showModal();
    // Not its first button: what opened is its content, and that is what should be read out.
    element?.focus();
    return () => element?.close();
  }, [beside]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside it closes it, as Escape does by onCancel
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // Its children fill it, so a click on the dialog itself was one on its backdrop.
        if (event.target === dialog.current && !beside) onClose();
      }}
      className={`fixed inset-y-0 right-0 left-auto z-40 m-0 flex h-dvh max-h-none w-screen max-w-none flex-col overflow-visible border-line bg-surface outline-none ${beside ? "" : "animate-slide floating"} ${full ? "" : `md:border-l ${width}`}`}
    >
      {beside && size === "narrow" && <PaneEdge />}
      <div className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-3">{head}</div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
    </dialog>
  );
}
