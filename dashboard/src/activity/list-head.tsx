import type { UseQueryResult } from "@tanstack/react-query";
import type { ActivityList } from "../api/types";
import { ExportMenu } from "../export/export-menu";
import type { ViewActions } from "../filters/use-view";
import type { Feed } from "../live/feed";
import { TimelinePanel } from "../timeline/timeline-panel";

interface ListHeadProps {
  actions: ViewActions;
  list: UseQueryResult<ActivityList>;
  /** Null while there are no figures of this filter. */
  feed: Feed | null;
}

/** What is said and can be done about all rows together: how many there were when, and an export of them. */
export function ListHead({ actions, list, feed }: ListHeadProps) {
  const { view, filterBy } = actions;
  // What makes the server refuse the list makes it refuse the rest.
  const refused = list.isError && !list.data;
  const figures = feed && {
    filter: feed.anchor.filter,
    total: feed.total,
    failed: feed.stats.failed_count,
  };
  return (
    <TimelinePanel filter={view} figures={figures} available={!refused} onChange={filterBy}>
      <ExportMenu
        view={view}
        total={refused ? null : (feed?.total ?? null)}
        exact={list.data?.total_is_exact ?? true}
      />
    </TimelinePanel>
  );
}
