import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { ActivityIcon } from "../activity/activity-icon";
import type { DrawerSize } from "../ui/drawer-sizes";
import { SenderText } from "../ui/sender-text";
import type { Toast, ToastQueue } from "./toast-queue";

const TONES = {
  neutral: "bg-accent-soft text-accent",
  bad: "bg-bad-soft text-bad",
} as const;

const ASIDE = {
  narrow: "max-xl:hidden xl:right-[31rem]",
  wide: "max-2xl:hidden 2xl:right-[47rem]",
} as const satisfies Record<DrawerSize, string>;

/** `aside`: what is open beside the list; its place is left free. On a narrow screen a notice takes theirs. */
export function Toaster({ queue, aside }: { queue: ToastQueue; aside: DrawerSize | null }) {
  const toasts = useSyncExternalStore(queue.subscribe, queue.visible);
  return (
    <section
      aria-label="New activity"
      aria-live="polite"
      className={`pointer-events-none fixed max-lg:[:root:has([data-notice])_&]:hidden right-4 bottom-4 z-50 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 ${aside ? ASIDE[aside] : ""}`}
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.key} toast={toast} onDismiss={queue.dismiss} />
      ))}
    </section>
  );
}

function ToastCard({ toast, onDismiss }: { toast: Toast; onDismiss: (key: number) => void }) {
  const edge = toast.tone === "bad" ? "border-bad/40" : "border-line-strong";
  return (
    <div
      className={`floating animate-rise pointer-events-auto flex items-center gap-3 rounded-lg border bg-raised py-2.5 pr-2 pl-3 ${edge}`}
    >
      <span className={`flex size-7 shrink-0 items-center justify-center rounded-md ${TONES[toast.tone]}`}>
        <ActivityIcon name={toast.icon ?? "activity"} className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="truncate text-xs font-medium text-ink">
          <SenderText text={toast.title} sentence />
        </p>
        {toast.note && (
          <p className={`truncate text-2xs ${toast.tone === "bad" ? "text-bad" : "text-faint"}`}>
            <SenderText text={toast.note} lines />
          </p>
        )}
      </div>
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => onDismiss(toast.key)}
        className="inline-flex size-6 shrink-0 items-center justify-center rounded text-faint hover:bg-hover hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}
