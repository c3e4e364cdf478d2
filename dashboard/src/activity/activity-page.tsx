import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useState } from "react";
import { ApiError } from "../api/client";
import type { Activity, Session } from "../api/types";
import { FilterBar } from "../filters/filter-bar";
import { useView } from "../filters/use-view";
import { FIRST_PAGE, type Filter, isLiveView, NEWEST_FIRST } from "../filters/view";
import { NewPill } from "../live/new-pill";
import { useFeed } from "../live/use-feed";
import { useReaderBusy } from "../live/use-reader-busy";
import { SESSION_KEY } from "../session/use-session";
import { Forbidden } from "../states/forbidden";
import { StatCards } from "../stats/stat-cards";
import { Toaster } from "../toasts/toaster";
import { useToasts } from "../toasts/use-toasts";
import { LogPanel } from "./log-panel";
import { rowButton } from "./row-list";
import { TopBar } from "./top-bar";
import { useActivityList } from "./use-activity-list";
import { useRowKeys } from "./use-row-keys";

const DetailDrawer = lazy(() => import("../detail/detail-drawer"));
const NO_ROWS: readonly Activity[] = [];

export function ActivityPage({ session }: { session: Session }) {
  const viewActions = useView();
  const { view, filterBy, clearFilters, openActivity, change } = viewActions;
  const list = useActivityList(view);
  const [paused, setPaused] = useState(false);
  const reader = useReaderBusy();
  const toasts = useToasts(session, paused);
  const queries = useQueryClient();

  const live = isLiveView(view);
  const { refetch } = list;
  const reload = useCallback(() => void refetch(), [refetch]);
  const { feed, status, release } = useFeed({
    view,
    list: list.data,
    hold: paused || reader.busy || view.activity !== null || !live,
    reload,
    onClosed: () => void queries.invalidateQueries({ queryKey: SESSION_KEY }),
    onArrived: toasts.announce,
    onAlert: toasts.alert,
  });

  const showNew = () => {
    if (live) release();
    else change(NEWEST_FIRST);
    window.scrollTo({ top: 0 });
  };
  const open = useCallback((id: string) => openActivity(id), [openActivity]);
  const moveTo = useCallback((id: string) => openActivity(id, true), [openActivity]);
  const close = useCallback(() => {
    const row = view.activity ? rowButton(view.activity) : null;
    openActivity(null);
    row?.focus();
  }, [openActivity, view.activity]);
  const filterFromDetail = useCallback(
    (filter: Partial<Filter>) => change({ ...filter, ...FIRST_PAGE, activity: null }),
    [change],
  );

  const rows = feed?.rows ?? NO_ROWS;
  useRowKeys({ rows, openId: view.activity, onMove: moveTo, onClose: close });

  if (list.error instanceof ApiError && list.error.status === 403) return <Forbidden />;
  return (
    <>
      <TopBar
        session={session}
        status={status}
        paused={paused}
        refreshing={list.isFetching}
        onPause={() => setPaused(!paused)}
        onRefresh={reload}
      />
      <main className="mx-auto flex max-w-[120rem] flex-col gap-3 px-4 pt-4 pb-24 lg:px-6">
        <StatCards stats={feed?.stats ?? null} loading={!list.isError} />
        <FilterBar filter={view} onChange={filterBy} onClear={clearFilters} />
        <div>
          <NewPill count={feed?.pendingCount ?? 0} failed={feed?.pendingFailed ?? 0} onClick={showNew} />
          <div {...reader.rows}>
            <LogPanel actions={viewActions} list={list} feed={feed} status={status} onOpen={open} />
          </div>
        </div>
      </main>
      {view.activity && (
        <Suspense>
          <DetailDrawer
            id={view.activity}
            rows={rows}
            onMove={moveTo}
            onClose={close}
            onFilter={filterFromDetail}
          />
        </Suspense>
      )}
      <Toaster queue={toasts.queue} aside={view.activity !== null} />
    </>
  );
}
