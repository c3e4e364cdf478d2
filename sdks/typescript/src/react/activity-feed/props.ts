/** What an application says about its feed. */
import type { ReactNode } from "react";
import type { StoredActivity } from "../../activity.js";
import type { UseActivityStreamOptions } from "../options.js";
import type { ActivityFeedLabels } from "./labels.js";

/** The controls of the bar. */
export type ActivityFeedControl = "search" | "action" | "user" | "result" | "range";

/** An action type, and what the reader sees instead of it. */
export interface ActionChoice {
  value: string;
  label: string;
}

export interface ActivityFeedProps
  extends Pick<
    UseActivityStreamOptions,
    | "url"
    | "listUrl"
    | "token"
    | "tokenParameter"
    | "withCredentials"
    | "EventSource"
    | "fetch"
    | "share"
    | "filter"
    | "maxActivities"
    | "onActivity"
    | "onReset"
  > {
  /** How many activities are read at once (1 to 100). 50. */
  pageSize?: number | undefined;
  /** The controls of the bar. All of them, except those whose filter is fixed by `filter`. */
  controls?: readonly ActivityFeedControl[] | undefined;
  /** The actions that the bar offers. Default: those of the activities that were shown. */
  actions?: readonly (string | ActionChoice)[] | undefined;
  /** Texts that replace the component's own, each by its name. */
  labels?: Partial<ActivityFeedLabels> | undefined;
  /** The language of times and numbers. Default: that of the browser. */
  locale?: string | undefined;
  /** Default: the color scheme of the page. */
  theme?: "light" | "dark" | undefined;
  /** What stands below a row that is open. Default: all that is known about the activity. */
  renderDetails?: ((activity: StoredActivity) => ReactNode) | undefined;
  /** Classes for the outermost element, beside its own. */
  className?: string | undefined;
}
