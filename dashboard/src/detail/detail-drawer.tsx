import { useQuery } from "@tanstack/react-query";
import { Maximize2, Minimize2 } from "lucide-react";
import { useId, useRef, useState } from "react";
import { activityOptions } from "../api/calls";
import { ApiError } from "../api/client";
import type { Activity } from "../api/types";
import type { Filter, View } from "../filters/view";
import { ErrorBoundary } from "../states/error-boundary";
import { ErrorState } from "../states/error-state";
import { t } from "../texts/texts";
import { IconButton } from "../ui/button";
import { Drawer } from "../ui/drawer";
import { copiesOf } from "./copies";
import { CopyMenu } from "./copy-menu";
import { DetailBody } from "./detail-body";
import { DrawerHead } from "./drawer-head";
import { NotInLog } from "./not-in-log";
import { usePaneKeys } from "./use-pane-keys";

interface DetailDrawerProps {
  id: string;
  view: View;
  rows: readonly Activity[];
  onMove: (id: string) => void;
  onClose: () => void;
  onFilter: (filter: Partial<Filter>) => void;
}

/** One activity with all that was sent of it. */
export default function DetailDrawer({ id, view, rows, onMove, onClose, onFilter }: DetailDrawerProps) {
  const title = useId();
  const [full, setFull] = useState(false);
  const { data, error, refetch } = useActivity(id, rows);
  const menu = useRef<HTMLDivElement>(null);
  usePaneKeys({
    "|": () => setFull(!full),
    y: () => menu.current?.querySelector<HTMLElement>("[aria-haspopup]")?.click(),
  });
  const SizeIcon = full ? Minimize2 : Maximize2;

  return (
    <Drawer
      titleId={title}
      size="narrow"
      full={full}
      onClose={onClose}
      head={
        <DrawerHead what="activity" id={id} rows={rows} onMove={onMove} onClose={onClose}>
          <div ref={menu}>{data && <CopyMenu copies={copiesOf(data, view, window.location.origin)} />}</div>
          <span className="max-md:hidden">
            <IconButton
              label={full ? t("Beside the list (|)") : t("Full page (|)")}
              aria-pressed={full}
              onClick={() => setFull(!full)}
            >
              <SizeIcon aria-hidden className="size-4" />
            </IconButton>
          </span>
        </DrawerHead>
      }
    >
      <ErrorBoundary what={t("The activity")} drawn={data}>
        {data ? (
          <DetailBody key={id} activity={data} titleId={title} onFilter={onFilter} />
        ) : isMissing(error) ? (
          <NotInLog id={id} titleId={title} onClose={onClose} />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <p role="status" id={title} className="p-6 text-xs text-faint">
            {t("Loading the activity…")}
          </p>
        )}
      </ErrorBoundary>
    </Drawer>
  );
}

const useActivity = (id: string, rows: readonly Activity[]) =>
  useQuery({ ...activityOptions(id), initialData: () => rows.find((row) => row.id === id) });

const isMissing = (error: Error | null): boolean => error instanceof ApiError && error.status === 404;
