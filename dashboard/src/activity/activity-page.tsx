import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useState } from "react";
import { NoticePlace } from "../alerts/notice-place";
import { StripPlace } from "../alerts/strip-place";
import { useAlertFrames } from "../alerts/use-alert-frames";
import { ApiError } from "../api/client";
import type { Session } from "../api/types";
import { FacetsButton, FacetsPanel } from "../facets/facets-panel";
import { useFacetsPlace } from "../facets/use-facets-place";
import { FilterBar } from "../filters/filter-bar";
import { UnreadNotice } from "../filters/unread-notice";
import { useView } from "../filters/use-view";
import { FIRST_PAGE, filterQuery, isLiveView, isSearchOfText } from "../filters/view";
import { NewPill } from "../live/new-pill";
import { useFeed } from "../live/use-feed";
import { useLiveKeys } from "../live/use-live-keys";
import { useReaderBusy } from "../live/use-reader-busy";
import { SESSION_KEY } from "../session/use-session";
import { Shell } from "../shell/shell";
import { ErrorBoundary } from "../states/error-boundary";
import { OVERVIEW_KEY } from "../stats/overview-key";
import { OverviewPlace } from "../stats/overview-place";
import { useStats } from "../stats/use-stats";
import { t } from "../texts/texts";
import { useAnnounces, useArrivalCount } from "../toasts/use-arrivals";
import { Beside } from "./beside";
import { LogControls } from "./log-controls";
import { LogLayout } from "./log-layout";
import { LogPanel } from "./log-panel";
import { useActivityList } from "./use-activity-list";
import { useEndless } from "./use-endless";
import { useKeptPlace } from "./use-kept-place";
import { useLogActions } from "./use-log-actions";

const LiveHead = lazy(() => import("../live/live-head"));
const AroundNotice = lazy(() => import("./around-notice"));
const Forbidden = lazy(() => import("../states/forbidden"));
const ValueMenus = lazy(() => import("../values/value-menus"));

export function ActivityPage({ session }: { session: Session }) {
  const viewActions = useView();
  const { view, filterBy, clearFilters, openActivity, change } = viewActions;
  const list = useActivityList(view);
  const stats = useStats(view);
  const [paused, setPaused] = useState(false);
  const reader = useReaderBusy();
  const live = isLiveView(view);
  const hold = holdOf(paused, reader.busy || view.activity !== null);
  const [announces, switchAnnounces] = useAnnounces();
  const { counted, announce } = useArrivalCount(session, hold !== null || !live || !announces);
  const [hadAlerts, takeAlert] = useAlertFrames();
  const queries = useQueryClient();

  const { refetch } = list;
  const { refetch: countAgain } = stats;
  const reload = useCallback(() => {
    void refetch();
    void countAgain();
    void queries.invalidateQueries({ queryKey: [OVERVIEW_KEY] });
  }, [refetch, countAgain, queries]);
  const { feed, status, facts, missed, release } = useFeed({
    session,
    view,
    list,
    stats,
    hold: hold !== null || !live,
    reload,
    onRefused: () => void queries.invalidateQueries({ queryKey: SESSION_KEY }),
    onArrived: announce,
    onAlert: takeAlert,
  });

  const showNew = () => {
    if (live) release();
    else if (view.page > 1 || view.cursor !== null) change(FIRST_PAGE);
    else reload();
    window.scrollTo({ top: 0 });
  };
  const pause = () => setPaused(!paused);
  useLiveKeys(pause, showNew);
  useLogActions({ view, paused, pause, showNew, clearFilters });
  const aside = view.activity ? "narrow" : null;
  const facets = useFacetsPlace(aside !== null);
  const keepPlace = useKeptPlace(aside);
  const open = useCallback(
    (id: string) => {
      keepPlace(id);
      openActivity(id);
    },
    [keepPlace, openActivity],
  );
  const endless = useEndless(view, feed, list);
  // Until the list of another filter has come, what is known is still of the former one.
  const current = feed?.anchor.filter === filterQuery(view).toString() ? feed : null;
  const total = current?.stats?.total_logs ?? null;
  const refused = list.isError && !list.data;

  // The list itself says that another tenant's log is refused: that is a matter of the filter.
  const forbidden = list.error instanceof ApiError && list.error.status === 403 && view.tenant_id === null;
  if (forbidden) return <Forbidden />;
  return (
    <>
      <Shell
        session={session}
        title={t("activity log")}
        bar={
          <ErrorBoundary what={t("The filters")} drawn={view}>
            <FilterBar filter={view} onChange={filterBy} onClear={clearFilters} />
            <UnreadNotice />
          </ErrorBoundary>
        }
        badge={
          <Suspense>
            <LiveHead
              status={refused || isSearchOfText(view) ? "none" : status}
              view={view}
              held={hold}
              newer={current?.pendingCount ?? 0}
              failed={current?.pendingFailed ?? 0}
              facts={facts}
              missed={missed}
              counted={counted}
              announces={announces}
              onSwitch={switchAnnounces}
            />
          </Suspense>
        }
        controls={<LogControls view={view} feed={refused ? null : current} paused={paused} onPause={pause} />}
        notice={hadAlerts && <NoticePlace />}
        aside={aside}
        refreshing={list.isFetching}
        onRefresh={reload}
      >
        <LogLayout
          figures={
            <OverviewPlace
              actions={viewActions}
              feed={current}
              available={!refused}
              error={stats.error}
              onRetry={() => void countAgain()}
            />
          }
          facets={<FacetsButton place={facets} />}
          alerts={<StripPlace session={session} />}
        >
          <FacetsPanel filter={view} onChange={filterBy} newest={feed?.rows[0]?.id ?? null} place={facets}>
            <Suspense>
              {(view.activity !== null || view.date_to !== null) && (
                <AroundNotice actions={viewActions} rows={current && list.data ? endless.rows : null} />
              )}
            </Suspense>
            <div {...reader.rows}>
              <ErrorBoundary what={t("The list")} drawn={feed}>
                <LogPanel
                  actions={viewActions}
                  list={list}
                  feed={feed}
                  endless={endless}
                  total={total}
                  status={status}
                  onOpen={open}
                />
              </ErrorBoundary>
            </div>
          </FacetsPanel>
        </LogLayout>
      </Shell>
      <Suspense>
        <ValueMenus rows={endless.rows} />
      </Suspense>
      <Beside actions={viewActions} rows={endless.rows} onLeave={keepPlace} />
      <NewPill
        count={current?.pendingCount ?? 0}
        failed={current?.pendingFailed ?? 0}
        aside={aside !== null}
        onClick={showNew}
      />
    </>
  );
}

const holdOf = (paused: boolean, isRead: boolean) => (paused ? "paused" : isRead ? "read" : null);
