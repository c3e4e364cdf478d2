import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, Link2, X } from "lucide-react";
import { useId, useState } from "react";
import { getActivity } from "../api/calls";
import { writeJson } from "../api/json";
import type { Activity } from "../api/types";
import type { Filter } from "../filters/view";
import { ErrorState } from "../states/error-state";
import { IconButton } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { copyText } from "../ui/copy-text";
import { Drawer } from "../ui/drawer";
import { DetailBody } from "./detail-body";

interface DetailDrawerProps {
  id: string;
  rows: readonly Activity[];
  onMove: (id: string) => void;
  onClose: () => void;
  onFilter: (filter: Partial<Filter>) => void;
}

/** One activity with every field. */
export default function DetailDrawer({ id, rows, onMove, onClose, onFilter }: DetailDrawerProps) {
  const title = useId();
  const index = rows.findIndex((row) => row.id === id);
  const { data, error, refetch } = useQuery({
    queryKey: ["activity", id],
    queryFn: ({ signal }) => getActivity(id, signal),
    initialData: () => rows[index],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

  return (
    <Drawer
      titleId={title}
      size="narrow"
      onClose={onClose}
      head={
        <>
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
          {data && <CopyButton text={writeJson(data)} label="Copy activity as JSON" size="square" />}
          <CopyLink />
          <IconButton label="Close (Esc)" onClick={onClose}>
            <X aria-hidden className="size-4.5" />
          </IconButton>
        </>
      }
    >
      {data ? (
        <DetailBody activity={data} titleId={title} onFilter={onFilter} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <p role="status" id={title} className="p-6 text-xs text-faint">
          Loading the activity…
        </p>
      )}
    </Drawer>
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
    >
      <Link2 aria-hidden className={`size-4.5 ${copied ? "text-good" : ""}`} />
    </IconButton>
  );
}
