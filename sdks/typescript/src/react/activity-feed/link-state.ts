/** What the feed says about itself: the truth about its stream and its rows, in one or two words. */
import type { StreamStatus } from "../../stream/activity-stream.js";
import type { ActivityFeedLabels } from "./labels.js";

export interface LinkFacts {
  status: StreamStatus;
  isOnline: boolean;
  isLoading: boolean;
  /** The range of time has ended. */
  isPast: boolean;
  isPaused: boolean;
  isHeld: boolean;
}

export interface LinkState {
  tone: "live" | "waiting" | "rest" | "off";
  text: string;
  /** Says more to a pointer. */
  hint?: string;
}

/** How the stream is. It does not depend on what the reader does, so a screen reader can be told of it. */
export function linkState({ status, isOnline, isLoading }: LinkFacts, labels: ActivityFeedLabels): LinkState {
  if (!isOnline) return { tone: "off", text: labels.offline };
  if (status === "stopped") return { tone: "off", text: labels.stopped };
  if (status === "reconnecting") return { tone: "waiting", text: labels.reconnecting };
  if (status === "connecting" || isLoading) return { tone: "waiting", text: labels.connecting };
  return { tone: "live", text: labels.live };
}

/** How the rows are: new ones join them only while the stream is live and nothing holds them back. */
export function feedState(facts: LinkFacts, labels: ActivityFeedLabels): LinkState {
  const link = linkState(facts, labels);
  if (link.tone !== "live") return link;
  if (facts.isPast) return { tone: "rest", text: labels.past };
  if (facts.isPaused) return { tone: "rest", text: labels.paused };
  if (facts.isHeld) return { tone: "rest", text: labels.held, hint: labels.heldHint };
  return link;
}
