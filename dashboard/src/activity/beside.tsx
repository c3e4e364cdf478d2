import { lazy, Suspense, useCallback } from "react";
import type { Activity } from "../api/types";
import type { ViewActions } from "../filters/use-view";
import { FIRST_PAGE, type Filter, NOTHING_BESIDE } from "../filters/view";
import { ErrorBoundary } from "../states/error-boundary";
import { t } from "../texts/texts";
import { aroundOf } from "./around";
import { returnTo, rowButton } from "./row-list";
import { useRowKeys } from "./use-row-keys";

const DetailDrawer = lazy(() => import("../detail/detail-drawer"));

interface BesideProps {
  actions: ViewActions;
  rows: readonly Activity[];
  /** The activity of this row is about to be closed. */
  onLeave: (id: string) => void;
}

/** What is open beside the list, and the keys that move it along the rows or close it. */
export function Beside({ actions, rows, onLeave }: BesideProps) {
  const { view, openActivity, change } = actions;
  const moveTo = useCallback((id: string) => openActivity(id, true), [openActivity]);
  const closeActivity = useCallback(() => {
    if (!view.activity) return;
    const row = rowButton(view.activity);
    onLeave(view.activity);
    openActivity(null);
    returnTo(row);
  }, [openActivity, onLeave, view.activity]);
  const filterFromDetail = useCallback(
    (filter: Partial<Filter>) => change({ ...filter, ...FIRST_PAGE, ...NOTHING_BESIDE }),
    [change],
  );
  const onClose = view.activity ? closeActivity : null;
  const showAround = (id: string) => {
    const activity = rows.find((row) => row.id === id);
    if (activity) change(aroundOf(activity, view));
  };
  useRowKeys({ rows, openId: view.activity, onMove: moveTo, onClose, onAround: showAround });

  return (
    <ErrorBoundary what={t("The activity")} place="corner" drawn={view.activity}>
      <Suspense>
        {view.activity && (
          <DetailDrawer
            id={view.activity}
            view={view}
            rows={rows}
            onMove={moveTo}
            onClose={closeActivity}
            onFilter={filterFromDetail}
          />
        )}
      </Suspense>
    </ErrorBoundary>
  );
}
