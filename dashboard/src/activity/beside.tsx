import { lazy, Suspense, useCallback } from "react";
import type { Activity } from "../api/types";
import type { ViewActions } from "../filters/use-view";
import { FIRST_PAGE, type Filter, NEWEST_FIRST, NO_FILTER, NOTHING_BESIDE } from "../filters/view";
import type { Target } from "../reports/kinds";
import { ErrorBoundary } from "../states/error-boundary";
import { aroundOf } from "./around";
import { returnTo, rowButton } from "./row-list";
import { useRowKeys } from "./use-row-keys";

const DetailDrawer = lazy(() => import("../detail/detail-drawer"));
const ReportsDrawer = lazy(() => import("../reports/reports-drawer"));

interface BesideProps {
  actions: ViewActions;
  rows: readonly Activity[];
  /** The activity of this row is about to be closed. */
  onLeave: (id: string) => void;
}

/** What is open beside the list, and the keys that move it along the rows or close it. */
export function Beside({ actions, rows, onLeave }: BesideProps) {
  const { view, openActivity, openReport, change } = actions;
  const moveTo = useCallback((id: string) => openActivity(id, true), [openActivity]);
  const closeActivity = useCallback(() => {
    if (!view.activity) return;
    const row = rowButton(view.activity);
    onLeave(view.activity);
    openActivity(null);
    returnTo(row);
  }, [openActivity, onLeave, view.activity]);
  const closeReport = useCallback(() => {
    openReport(null);
    returnTo(null);
  }, [openReport]);
  const filterFromDetail = useCallback(
    (filter: Partial<Filter>) => change({ ...filter, ...FIRST_PAGE, ...NOTHING_BESIDE }),
    [change],
  );
  // A report is about the whole log, so the filters that were set have no part in what it leads to.
  const followReport = (target: Target) => {
    if ("activity" in target) openActivity(target.activity);
    else change({ ...NO_FILTER, ...target.filter, ...NEWEST_FIRST, ...NOTHING_BESIDE });
  };

  const onClose = view.activity ? closeActivity : view.report ? closeReport : null;
  const showAround = (id: string) => {
    const activity = rows.find((row) => row.id === id);
    if (activity) change(aroundOf(activity, view));
  };
  useRowKeys({ rows, openId: view.activity, onMove: moveTo, onClose, onAround: showAround });

  return (
    <ErrorBoundary
      what={view.activity ? "The activity" : "The report"}
      place="corner"
      drawn={`${view.activity} ${view.report}`}
    >
      <Suspense>
        {view.activity ? (
          <DetailDrawer
            id={view.activity}
            view={view}
            rows={rows}
            onMove={moveTo}
            onClose={closeActivity}
            onFilter={filterFromDetail}
          />
        ) : (
          view.report && (
            <ReportsDrawer
              report={view.report}
              window={view.window}
              onChange={openReport}
              onOpen={followReport}
              onClose={closeReport}
            />
          )
        )}
      </Suspense>
    </ErrorBoundary>
  );
}
