"use client";

export type { ActivityAction, StoredActivity } from "./activity.js";
export { ActivityFeed } from "./react/activity-feed/activity-feed.js";
export type { ErrorWords } from "./react/activity-feed/error-words.js";
export type { ActivityFeedLabels } from "./react/activity-feed/labels.js";
export type { ActionChoice, ActivityFeedControl, ActivityFeedProps } from "./react/activity-feed/props.js";
export type { UseActivityStreamOptions } from "./react/options.js";
export { ActivityListError } from "./react/page.js";
export { type ActivityStreamState, useActivityStream } from "./react/use-activity-stream.js";
export type { EventSourceConstructor, EventSourceLike, StreamStatus } from "./stream/activity-stream.js";
export type { ActivityFilter } from "./stream/address.js";
export { StreamRefusedError } from "./stream/refusal.js";
