import type { ReactNode } from "react";
import { rich, t } from "../texts/texts";
import { Button } from "./button";
import { Modal } from "./modal";
import { SenderText } from "./sender-text";

interface ConfirmProps {
  title: string;
  /** What follows from it. */
  children: ReactNode;
  /** What the button says that does it. */
  action: string;
  isPending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks once more before something that cannot be undone. */
export function Confirm({ title, children, action, isPending, error, onConfirm, onClose }: ConfirmProps) {
  return (
    <Modal title={title} onClose={onClose}>
      <div className="flex flex-col gap-4" aria-busy={isPending}>
        <div className="flex flex-col gap-2 text-muted">{children}</div>
        {error && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-xs text-bad">
            {rich("Not done: {reason}", { reason: <SenderText text={error.message} lines /> })}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button look="primary" onClick={() => isPending || onConfirm()}>
            {action}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
