import type { UseQueryResult } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { ApiError } from "../api/client";
import type { ActivityList } from "../api/types";
import type { ViewActions } from "../filters/use-view";
import { isFiltered, isLiveView } from "../filters/view";
import type { LiveStatus } from "../live/connection";
import type { Feed } from "../live/feed";
import { ErrorState } from "../states/error-state";
import { NoMatch } from "../states/no-match";
import { rich, t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";
import { useWide } from "../ui/use-media";
import { ActivityTable } from "./activity-table";
import { ListEnd } from "./list-end";
import { PageTurner } from "./page-turner";
import { SkeletonRows } from "./skeleton-rows";
import type { EndlessRows } from "./use-endless";

// Few visitors have a narrow screen, and the others need no cards.
const ActivityCards = lazy(() => import("./activity-cards"));
const FirstRun = lazy(() => import("../states/first-run"));
const RefusedCursor = lazy(() => import("../states/refused-cursor"));

interface LogPanelProps {
  actions: ViewActions;
  list: UseQueryResult<ActivityList>;
  feed: Feed | null;
  endless: EndlessRows;
  /** How many activities match; null while that is not known. */
  total: number | null;
  status: LiveStatus;
  onOpen: (id: string) => void;
}

/** The rows, or whatever there is to say in their place. */
export function LogPanel(props: LogPanelProps) {
  return (
    <section aria-label={t("Activity log")} className="@container border-b border-line bg-surface">
      <Content {...props} />
    </section>
  );
}

function Content({ actions, list, feed, endless, total, status, onOpen }: LogPanelProps) {
  const { view, clearFilters, turnTo, sortBy } = actions;
  const wide = useWide();

  if (list.error && !list.data) return <Trouble actions={actions} list={list} error={list.error} />;
  const dimmed = list.data === undefined;
  // That the former filter matched nothing says nothing of this one.
  if (!feed || (dimmed && feed.rows.length === 0)) return <SkeletonRows count={20} />;

  if (feed.rows.length === 0 && view.page > 1) return <NoMatch onFirstPage={() => turnTo(1, null)} />;
  if (feed.rows.length === 0 && isFiltered(view)) return <NoMatch onClearFilters={clearFilters} />;

  const { fresh, breaks } = feed;
  const rowProps = { rows: endless.rows, fresh, breaks, openId: view.activity, dimmed, onOpen };
  return (
    <>
      {list.error && <NotRefreshed error={list.error} />}
      {isFirstRun(feed) && isLiveView(view) && !isFiltered(view) && (
        <div data-first-run className="border-line not-last:border-b">
          <Suspense>
            <FirstRun status={status} />
          </Suspense>
        </div>
      )}
      {feed.rows.length > 0 && (
        <>
          {wide ? (
            <ActivityTable {...rowProps} sortBy={view.sort_by} sortOrder={view.sort_order} onSort={sortBy} />
          ) : (
            <Suspense fallback={<SkeletonRows count={12} />}>
              <ActivityCards {...rowProps} />
            </Suspense>
          )}
          <div aria-busy={dimmed} className={`transition-opacity ${dimmed ? "opacity-50" : ""}`}>
            {endless.isEndless && <ListEnd endless={endless} />}
            <PageTurner
              actions={actions}
              feed={feed}
              isEndless={endless.isEndless}
              list={list.data}
              total={total}
            />
          </div>
        </>
      )}
    </>
  );
}

function NotRefreshed({ error }: { error: Error }) {
  return (
    <p role="alert" className="border-b border-line bg-bad-soft px-4 py-2 text-xs text-bad">
      {rich("Not refreshed: {reason}", { reason: <SenderText text={error.message} lines /> })}
    </p>
  );
}

/** Livetrail logs sign-ins and reads itself: a log with nothing else in it is still waiting for its first. */
function isFirstRun(feed: Feed): boolean {
  return !feed.hasMore && feed.rows.every((row) => row.resource_type === "livetrail");
}

interface TroubleProps {
  actions: ViewActions;
  list: UseQueryResult<ActivityList>;
  error: Error;
}

function Trouble({ actions, list, error }: TroubleProps) {
  const { view, clearFilters, turnTo } = actions;
  if (view.cursor !== null && refusesCursor(error)) {
    return (
      <Suspense>
        <RefusedCursor onFirstPage={() => turnTo(1, null)} />
      </Suspense>
    );
  }
  return (
    <ErrorState
      error={error}
      onRetry={() => void list.refetch()}
      onClearFilters={isFiltered(view) ? clearFilters : undefined}
    />
  );
}

/** It is damaged, or of another filter, another order, or a log that was restored or replaced. */
const refusesCursor = (error: Error): boolean =>
  error instanceof ApiError && error.problem.errors?.some(({ pointer }) => pointer === "cursor") === true;
