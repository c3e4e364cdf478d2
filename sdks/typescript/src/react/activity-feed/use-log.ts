import { useEffect, useRef } from "react";
import type { StoredActivity } from "../../activity.js";
import { useActivityStream } from "../use-activity-stream.js";
import { type Choices, filterOf } from "./choices.js";
import type { ActivityFeedLabels } from "./labels.js";
import { linkState } from "./link-state.js";
import type { ActivityFeedProps } from "./props.js";
import { useAnnouncer } from "./use-announcer.js";
import { useOnline } from "./use-online.js";

const PAGE_SIZE = 50;

/** The stream of what the reader has chosen, and what a screen reader is told of it. */
export function useLog(props: ActivityFeedProps, chosen: Choices, labels: ActivityFeedLabels) {
  const { pageSize = PAGE_SIZE } = props;
  const { url, listUrl, token, tokenParameter, withCredentials, EventSource, fetch, share, maxActivities } =
    props;
  const isOnline = useOnline();
  const announce = useRef<((activity: StoredActivity) => void) | null>(null);
  const log = useActivityStream({
    url,
    listUrl,
    token,
    tokenParameter,
    withCredentials,
    EventSource,
    fetch,
    share,
    maxActivities,
    filter: filterOf(props.filter, chosen),
    history: pageSize,
    limit: 2 * pageSize,
    onReset: props.onReset,
    onActivity: (activity) => {
      announce.current?.(activity);
      props.onActivity?.(activity);
    },
  });
  const facts = { status: log.status, isOnline, isLoading: log.isLoading };
  const still = { isPast: false, isPaused: false, isHeld: false };
  const { text, onArrived } = useAnnouncer(linkState({ ...facts, ...still }, labels).text, labels);
  useEffect(() => {
    announce.current = onArrived;
  });
  return { log, spoken: { text, facts } };
}
