import { type ReactNode, useEffect, useRef } from "react";
import { useWide } from "./use-media";

interface DrawerProps {
  /** The id of what the drawer is called by. */
  titleId: string;
  /** Its width beside the table, as a class. */
  width: string;
  onClose: () => void;
  head: ReactNode;
  children: ReactNode;
}

/** Beside the table where there is room, so that both can be used; the whole screen on a phone. */
export function Drawer({ titleId, width, onClose, head, children }: DrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const wide = useWide();

  useEffect(() => {
    const element = dialog.current;
    if (wide) element?.show();
    else element?.showModal();
    // Not its first button: what opened is its content, and that is what should be read out.
    element?.focus();
    return () => element?.close();
  }, [wide]);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className={`animate-slide floating fixed inset-y-0 right-0 left-auto z-40 m-0 flex h-dvh max-h-none w-screen max-w-none flex-col border-line bg-surface outline-none md:border-l ${width}`}
    >
      <div className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-3">{head}</div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
    </dialog>
  );
}
