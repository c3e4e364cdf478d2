import { useQuery } from "@tanstack/react-query";
import { listAlerts } from "../api/calls";
import { WHILE_AWAY } from "../api/while-away";
import { useVisible } from "../ui/visibility";
import { OPEN_ALERTS_KEY } from "./query-keys";

/** How many alerts are open; null while that is not known. The stream says when it has to be asked again. */
export function useOpenAlerts(): number | null {
  const { data } = useQuery({
    queryKey: OPEN_ALERTS_KEY,
    queryFn: ({ signal }) => listAlerts(new URLSearchParams({ state: "open", limit: "1" }), signal),
    enabled: useVisible(),
    staleTime: Number.POSITIVE_INFINITY,
    ...WHILE_AWAY,
  });
  return data?.open ?? null;
}
