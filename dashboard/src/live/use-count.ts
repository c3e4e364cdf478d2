import type { UseQueryResult } from "@tanstack/react-query";
import { type Dispatch, useEffect, useRef } from "react";
import type { Asked } from "../api/asked";
import type { ActivityStats } from "../api/types";
import { nowSeconds } from "../ui/clock";
import { type Anchor, type Feed, type FeedEvent, isCountOf } from "./feed";
import { useCatchUp } from "./use-catch-up";

const COUNT_INTERVAL_MS = 30_000;

/**
 * Joins the statistics to the list that is shown. Those of the list before are asked for again, unless nothing has
 * happened since. `feed` is null while the list of these statistics is on its way.
 */
export function useCount(
  stats: UseQueryResult<Asked<ActivityStats>>,
  feed: Feed | null,
  dispatch: Dispatch<FeedEvent>,
): void {
  const { data: answer, isFetching, error, refetch } = stats;
  const anchor = feed?.anchor;
  const askedFor = useRef<Anchor>(undefined);

  useEffect(() => {
    if (!anchor || !answer) return;
    if (isCountOf(answer, anchor)) dispatch({ type: "counted", anchor, answer, now: nowSeconds() });
    else if (isFetching) askedFor.current = anchor;
    else if (error && askedFor.current === anchor) dispatch({ type: "uncounted", anchor });
    else {
      askedFor.current = anchor;
      void refetch();
    }
  }, [anchor, answer, isFetching, error, refetch, dispatch]);

  useCatchUp(feed?.answer != null && feed.isBehind, stats, COUNT_INTERVAL_MS);
}
