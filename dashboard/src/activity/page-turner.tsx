import type { ActivityList } from "../api/types";
import type { ViewActions } from "../filters/use-view";
import { isLiveView } from "../filters/view";
import type { Feed } from "../live/feed";
import { Pagination } from "./pagination";
import { endless } from "./table-choices";

/** The most that the API reads at once. */
const ENDLESS_PAGE = 100;

interface PageTurnerProps {
  actions: ViewActions;
  feed: Feed;
  /** Whether the list goes on at its end. */
  isEndless: boolean;
  list: ActivityList | undefined;
  /** How many activities match; null while that is not known. */
  total: number | null;
}

/** Turns pages by cursors, which pin the head: what arrives meanwhile shifts nothing. */
export function PageTurner({ actions, feed, isEndless, list, total }: PageTurnerProps) {
  const { view, turnTo, setLimit } = actions;
  const pages = total === null ? null : Math.max(1, Math.ceil(total / view.limit), view.page);

  const go = (page: number, cursor: string | null) => {
    turnTo(page, cursor);
    window.scrollTo({ top: 0 });
  };
  const chooseLimit = (limit: number | null) => {
    endless.set(limit === null);
    setLimit(limit ?? ENDLESS_PAGE);
  };
  // Rows that came in live have pushed others off this page; a cursor from before would skip those.
  const shifted = isLiveView(view) && feed.shifted;
  const next = list?.next_cursor ?? null;
  const previous = list?.prev_cursor ?? null;
  const hasNext = shifted || next !== null;

  return (
    <Pagination
      page={view.page}
      pages={pages}
      limit={view.limit}
      total={total}
      atHead={view.page === 1 && view.cursor === null}
      onFirst={() => go(1, null)}
      onPrevious={view.page > 1 && list ? () => go(view.page - 1, previous) : null}
      onNext={hasNext && list ? () => go(view.page + 1, shifted ? null : next) : null}
      isEndless={isEndless}
      onLimit={chooseLimit}
    />
  );
}
