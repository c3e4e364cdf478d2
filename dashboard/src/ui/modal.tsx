import { X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { createPortal } from "react-dom";
import { t } from "../texts/texts";
import { IconButton } from "./button";
import { useModal } from "./use-modal";

interface ModalProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog over the page, which cannot be used meanwhile. Closed, it gives the focus back. */
export function Modal({ title, onClose, children }: ModalProps) {
  const dialog = useModal(onClose);
  const titleId = useId();
  return createPortal(
    <dialog
      {...dialog}
      aria-labelledby={titleId}
      className="floating animate-rise m-auto w-[min(32rem,calc(100vw-1.5rem))] rounded-xl border border-line-strong bg-raised text-sm text-ink"
    >
      <div className="flex h-11 items-center justify-between border-b border-line pr-1.5 pl-4">
        <h2 id={titleId} className="font-semibold">
          {title}
        </h2>
        <IconButton label={t("Close")} onClick={onClose}>
          <X aria-hidden className="size-4" />
        </IconButton>
      </div>
      <div className="p-4">{children}</div>
    </dialog>,
    document.body,
  );
}
