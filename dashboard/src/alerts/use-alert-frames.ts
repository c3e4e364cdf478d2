import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";

/**
 * For a page that is not about alerts: takes the alerts of its stream, and says whether there were any. What is done
 * with them is loaded with the first one.
 */
export function useAlertFrames(): [hadAlerts: boolean, onAlert: (data: unknown) => void] {
  const queries = useQueryClient();
  const [hadAlerts, setHadAlerts] = useState(false);
  const onAlert = useCallback(
    (data: unknown) => {
      setHadAlerts(true);
      const taken = import("./arrivals").then(({ arrivalsOf }) => arrivalsOf(queries).take(data));
      // A server that was updated meanwhile has another file. The page says so where it needs one.
      taken.catch(() => undefined);
    },
    [queries],
  );
  return [hadAlerts, onAlert];
}
