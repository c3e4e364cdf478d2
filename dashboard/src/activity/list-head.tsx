import type { UseQueryResult } from "@tanstack/react-query";
import type { ActivityList } from "../api/types";
import type { ViewActions } from "../filters/use-view";
import type { Feed } from "../live/feed";
import { TimelinePanel } from "../timeline/timeline-panel";

interface ListHeadProps {
  actions: ViewActions;
  list: UseQueryResult<ActivityList>;
  /** Null while there is no list of this filter. */
  feed: Feed | null;
}

/** What is said of all rows together: how many there were when. */
export function ListHead({ actions, list, feed }: ListHeadProps) {
  const { view, filterBy } = actions;
  // What makes the server refuse the list makes it refuse the rest.
  const refused = list.isError && !list.data;
  const stats = feed?.stats ?? null;
  const figures = feed &&
    stats && { filter: feed.anchor.filter, total: stats.total_logs, failed: stats.failed_count };
  return <TimelinePanel filter={view} figures={figures} available={!refused} onChange={filterBy} />;
}
