import type { Activity } from "../api/types";
import { type Filter, NEWEST_FIRST, NO_FILTER, NOTHING_BESIDE, type View } from "../filters/view";

const BEFORE_AND_AFTER_SECONDS = 5 * 60;

/** All that happened five minutes before and after an activity, which is open in it. A reader of one tenant stays there. */
export function aroundOf({ id, timestamp }: Activity, { tenant_id }: Filter): Partial<View> {
  return {
    ...NO_FILTER,
    tenant_id,
    date_from: Math.floor(timestamp) - BEFORE_AND_AFTER_SECONDS,
    date_to: Math.ceil(timestamp) + BEFORE_AND_AFTER_SECONDS,
    ...NEWEST_FIRST,
    ...NOTHING_BESIDE,
    activity: id,
  };
}
