import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { getActivity } from "../api/calls";
import { writeJson } from "../api/json";
import type { Activity } from "../api/types";
import type { Filter } from "../filters/view";
import { ErrorState } from "../states/error-state";
import { CopyButton } from "../ui/copy-button";
import { Drawer } from "../ui/drawer";
import { DetailBody } from "./detail-body";
import { DrawerHead } from "./drawer-head";

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
  const { data, error, refetch } = useQuery({
    queryKey: ["activity", id],
    queryFn: ({ signal }) => getActivity(id, signal),
    initialData: () => rows.find((row) => row.id === id),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

  return (
    <Drawer
      titleId={title}
      size="narrow"
      onClose={onClose}
      head={
        <DrawerHead what="activity" id={id} rows={rows} onMove={onMove} onClose={onClose}>
          {data && <CopyButton text={writeJson(data)} label="Copy activity as JSON" size="square" />}
        </DrawerHead>
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
}
