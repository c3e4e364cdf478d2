import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, Link2, X } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { getActivity } from "../api/calls";
import type { Activity } from "../api/types";
import type { Filter } from "../filters/view";
import { ErrorState } from "../states/error-state";
import { IconButton } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { copyText } from "../ui/copy-text";
import { useWide } from "../ui/use-media";
import { DetailBody } from "./detail-body";

interface DetailDrawerProps {
  id: string;
  rows: readonly Activity[];
  onMove: (id: string) => void;
  onClose: () => void;
  onFilter: (filter: Partial<Filter>) => void;
}

/** Beside the table where there is room, so that both can be used; the whole screen on a phone. */
export default function DetailDrawer({ id, rows, onMove, onClose, onFilter }: DetailDrawerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const wide = useWide();
  const title = useId();
  const index = rows.findIndex((row) => row.id === id);
  const { data, error, refetch } = useQuery({
    queryKey: ["activity", id],
    queryFn: ({ signal }) => getActivity(id, signal),
    initialData: () => rows[index],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

  useEffect(() => {
    const element = dialog.current;
    if (wide) element?.show();
    else element?.showModal();
    // Not its first button: what opened is the activity, and that is what should be read out.
    element?.focus();
    return () => element?.close();
  }, [wide]);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={title}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="animate-slide floating fixed inset-y-0 right-0 left-auto z-40 m-0 flex h-dvh max-h-none w-screen max-w-none flex-col border-line bg-surface outline-none md:w-[30rem] md:border-l"
    >
      <div className="flex h-12 shrink-0 items-center gap-1 border-b border-line px-3">
        <IconButton label="Previous activity (k)" disabled={index <= 0} onClick={() => move(index - 1)}>
          <ChevronUp aria-hidden className="size-4.5" />
        </IconButton>
        <IconButton
          label="Next activity (j)"
          disabled={index < 0 || index >= rows.length - 1}
          onClick={() => move(index + 1)}
        >
          <ChevronDown aria-hidden className="size-4.5" />
        </IconButton>
        <span className="ml-auto" />
        {data && (
          <CopyButton text={JSON.stringify(data, null, 2)} label="Copy activity as JSON" className="size-8" />
        )}
        <CopyLink />
        <IconButton label="Close (Esc)" onClick={onClose}>
          <X aria-hidden className="size-4.5" />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {data ? (
          <DetailBody activity={data} titleId={title} onFilter={onFilter} />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <p role="status" id={title} className="p-6 text-xs text-faint">
            Loading the activity…
          </p>
        )}
      </div>
    </dialog>
  );

  function move(to: number) {
    const row = rows[to];
    if (row) onMove(row.id);
  }
}

function CopyLink() {
  const [copied, setCopied] = useState(false);
  return (
    <IconButton
      label={copied ? "Link copied" : "Copy link"}
      onClick={async () => setCopied(await copyText(window.location.href))}
      onBlur={() => setCopied(false)}
      className={copied ? "text-good" : ""}
    >
      <Link2 aria-hidden className="size-4.5" />
    </IconButton>
  );
}
