/** The component's texts. An application replaces those that it wants to. */
import type { StoredActivity } from "../../activity.js";
import { delegateText } from "../../display/delegate-text.js";
import { formatDuration } from "../../display/duration.js";
import { inWords } from "../../display/in-words.js";
import { type ErrorWords, errorWords } from "./error-words.js";

export interface ActivityFeedLabels {
  /** The name of the whole, and of its list. */
  feed: string;
  /** The name of the bar. */
  filters: string;

  live: string;
  connecting: string;
  reconnecting: string;
  offline: string;
  stopped: string;
  /** The range of time has ended, so nothing new belongs to it. */
  past: string;
  /** The reader has paused the feed. */
  paused: string;
  /** New rows wait because the reader reads, points at, or has opened others. */
  held: string;
  /** The same in a sentence, for the pointer. */
  heldHint: string;
  pause: string;
  resume: string;
  /** The button that shows what has arrived meanwhile. */
  showNewer: (count: number) => string;
  /** What a screen reader is told, at most every ten seconds. */
  arrived: (count: number, failed: number) => string;

  search: string;
  action: string;
  anyAction: string;
  user: string;
  result: string;
  anyResult: string;
  success: string;
  failure: string;
  range: string;
  anyTime: string;
  lastHour: string;
  lastDay: string;
  lastWeek: string;
  lastMonth: string;
  ownRange: string;
  from: string;
  until: string;
  clearFilters: string;

  loading: string;
  loadOlder: string;
  loadingOlder: string;
  empty: string;
  emptyHint: string;
  noMatch: string;
  noMatchHint: string;
  /** What is wrong, and what the reader can do about it. */
  error: (error: Error) => ErrorWords;
  retry: string;

  /** Who did what. Default: the sentence of the server, which is English. */
  sentence: (activity: StoredActivity) => string;
  /** An action type in words. */
  actionName: (actionType: string) => string;
  failed: string;
  admin: string;
  duration: (milliseconds: number) => string;
  /** More changes than the one that the row shows. */
  moreChanges: (count: number) => string;

  time: string;
  email: string;
  userId: string;
  actionType: string;
  target: string;
  resourceType: string;
  statusCode: string;
  errorType: string;
  address: string;
  device: string;
  durationName: string;
  delegate: string;
  /** The party that acted in the user's name, with its kind. Null: the user acted. */
  delegateName: (activity: StoredActivity) => string | null;
  via: string;
  requestId: string;
  activityId: string;
  changes: string;
  details: string;
  showMore: (count: number, rest: number) => string;
  invisible: string;
}

export const LABELS: ActivityFeedLabels = {
  feed: "Activity",
  filters: "Filter activity",

  live: "Live",
  connecting: "Connecting…",
  reconnecting: "Reconnecting…",
  offline: "Offline",
  stopped: "Not live",
  past: "Past range",
  paused: "Paused",
  held: "Held",
  heldHint: "New activity waits while you point at rows, have one open, or have scrolled.",
  pause: "Pause",
  resume: "Resume",
  showNewer: (count) => `Show ${count} new`,
  arrived: (count, failed) => `${count} new${failed > 0 ? `, ${failed} failed` : ""}`,

  search: "Search",
  action: "Action",
  anyAction: "Any action",
  user: "User",
  result: "Result",
  anyResult: "Any result",
  success: "Success",
  failure: "Failed",
  range: "Time",
  anyTime: "Any time",
  lastHour: "Last hour",
  lastDay: "Last 24 hours",
  lastWeek: "Last 7 days",
  lastMonth: "Last 30 days",
  ownRange: "From … to …",
  from: "From",
  until: "To",
  clearFilters: "Clear filters",

  loading: "Loading activity…",
  loadOlder: "Load older",
  loadingOlder: "Loading…",
  empty: "No activity yet",
  emptyHint: "New activity appears here as it happens.",
  noMatch: "No activity matches these filters",
  noMatchHint: "New activity that matches appears here as it happens.",
  error: errorWords,
  retry: "Try again",

  sentence: ({ description }) => description,
  actionName: inWords,
  failed: "Failed",
  admin: "Admin",
  duration: formatDuration,
  moreChanges: (count) => `+${count}`,

  time: "Time",
  email: "E-mail",
  userId: "User ID",
  actionType: "Action",
  target: "Target",
  resourceType: "Kind of target",
  statusCode: "Status",
  errorType: "Kind of error",
  address: "IP address",
  device: "Device",
  durationName: "Duration",
  delegate: "Carried out",
  delegateName: delegateText,
  via: "Via",
  requestId: "Request",
  activityId: "Activity",
  changes: "Changes",
  details: "Details",
  showMore: (count, rest) => `Show ${count} more of ${rest}`,
  invisible: "An invisible character",
};
