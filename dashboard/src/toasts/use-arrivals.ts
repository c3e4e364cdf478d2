import { useCallback, useEffect, useState } from "react";
import type { Activity, Session } from "../api/types";
import { ArrivalCount } from "./arrival-count";

const STORED = "livetrail-announce";

/** Whether new activity is announced: a habit of the reader, kept in the browser. */
export function useAnnounces(): [boolean, () => void] {
  const [isOn, setIsOn] = useState(() => localStorage.getItem(STORED) !== "off");
  const toggle = () => {
    localStorage.setItem(STORED, isOn ? "off" : "on");
    setIsOn(!isOn);
  };
  return [isOn, toggle];
}

/** Counts what arrives, except what this very page caused, and nothing while the reader wants quiet. */
export function useArrivalCount(session: Session, quiet: boolean) {
  const [counted] = useState(() => new ArrivalCount());
  useEffect(() => {
    if (quiet) counted.clear();
  }, [counted, quiet]);
  useEffect(() => counted.clear, [counted]);
  const announce = useCallback(
    (activities: readonly Activity[]) => {
      if (quiet || document.hidden) return;
      const isOwnReading = (activity: Activity) =>
        activity.resource_type === "livetrail" && activity.user_id === session.user_id;
      counted.take(activities.filter((activity) => !isOwnReading(activity)));
    },
    [counted, quiet, session.user_id],
  );
  return { counted, announce };
}
