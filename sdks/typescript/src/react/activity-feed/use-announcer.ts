/** What a screen reader is told of the feed. */
import { useEffect, useRef, useState } from "react";
import type { StoredActivity } from "../../activity.js";
import { Announcer } from "../../display/announcer.js";
import type { ActivityFeedLabels } from "./labels.js";

/** `state`: how the stream is, in words. The text belongs into a polite region. */
export function useAnnouncer(state: string, labels: ActivityFeedLabels) {
  const [text, setText] = useState("");
  const latest = useRef(labels);
  useEffect(() => {
    latest.current = labels;
  });
  const [announcer] = useState(
    () => new Announcer(setText, (arrived, failed) => latest.current.arrived(arrived, failed)),
  );
  useEffect(() => announcer.become(state), [announcer, state]);
  useEffect(() => () => announcer.stop(), [announcer]);
  return { text, onArrived: ({ success }: StoredActivity) => announcer.add(1, success ? 0 : 1) };
}
