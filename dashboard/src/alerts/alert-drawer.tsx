import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { getAlert } from "../api/alert-calls";
import { writeJson } from "../api/json";
import type { Alert } from "../api/types";
import { DrawerHead } from "../detail/drawer-head";
import { ErrorState } from "../states/error-state";
import { t } from "../texts/texts";
import { CopyButton } from "../ui/copy-button";
import { Drawer } from "../ui/drawer";
import { AlertDetail } from "./alert-detail";
import { alertKey } from "./query-keys";

interface AlertDrawerProps {
  id: string;
  rows: readonly Alert[];
  canDecide: boolean;
  onMove: (id: string) => void;
  onClose: () => void;
}

/** One alert with its evidence, and what can be decided about it. The stream keeps it up to date. */
export function AlertDrawer({ id, rows, canDecide, onMove, onClose }: AlertDrawerProps) {
  const title = useId();
  const { data, error, refetch } = useQuery({
    queryKey: alertKey(id),
    queryFn: ({ signal }) => getAlert(id, signal),
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
        <DrawerHead what="alert" id={id} rows={rows} onMove={onMove} onClose={onClose}>
          {data && <CopyButton text={writeJson(data)} label={t("Copy alert as JSON")} size="square" />}
        </DrawerHead>
      }
    >
      {data ? (
        <AlertDetail key={id} alert={data} titleId={title} canDecide={canDecide} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <p role="status" id={title} className="p-6 text-xs text-faint">
          {t("Loading the alert…")}
        </p>
      )}
    </Drawer>
  );
}
