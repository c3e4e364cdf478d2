import type { ActivityList } from "../api/types";
import type { ViewActions } from "../filters/use-view";
import { isLiveView } from "../filters/view";
import type { Feed } from "../live/feed";
import { Pagination } from "./pagination";

interface PageTurnerProps {
  actions: ViewActions;
  feed: Feed;
  list: ActivityList | undefined;
}

/** Turns pages by cursors, which pin the head: what arrives meanwhile shifts nothing. */
export function PageTurner({ actions, feed, list }: PageTurnerProps) {
  const { view, turnTo, setLimit } = actions;
  const live = isLiveView(view);
  const total = live ? feed.total : (list?.total ?? feed.total);
  const pages = Math.max(1, live ? Math.ceil(total / view.limit) : (list?.total_pages ?? 1), view.page);

  const go = (page: number, cursor: string | null) => {
    turnTo(page, cursor);
    window.scrollTo({ top: 0 });
  };
  // Rows that came in live have pushed others off this page; a cursor from before would skip those.
  const shifted = live && feed.shifted;
  const next = list?.next_cursor ?? null;
  const previous = list?.prev_cursor ?? null;
  const hasNext = shifted ? pages > 1 : next !== null || view.page < pages;

  return (
    <Pagination
      page={view.page}
      pages={pages}
      limit={view.limit}
      total={total}
      exact={list?.total_is_exact ?? true}
      atHead={view.page === 1 && view.cursor === null}
      onFirst={() => go(1, null)}
      onPrevious={view.page > 1 && list ? () => go(view.page - 1, previous) : null}
      onNext={hasNext && list ? () => go(view.page + 1, shifted ? null : next) : null}
      onLimit={setLimit}
    />
  );
}
