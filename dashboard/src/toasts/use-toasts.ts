import { useCallback, useMemo } from "react";
import type { Activity, Session } from "../api/types";
import { ToastQueue } from "./toast-queue";

/** Announces what arrives, except what this very page caused, and nothing while the reader wants quiet. */
export function useToasts(session: Session, quiet: boolean) {
  const queue = useMemo(() => new ToastQueue(), []);
  const announce = useCallback(
    (activities: readonly Activity[]) => {
      if (quiet || document.hidden) return;
      const isOwnReading = (activity: Activity) =>
        activity.resource_type === "livetrail" && activity.user_id === session.user_id;
      queue.announce(activities.filter((activity) => !isOwnReading(activity)));
    },
    [queue, quiet, session.user_id],
  );
  return { queue, announce };
}
