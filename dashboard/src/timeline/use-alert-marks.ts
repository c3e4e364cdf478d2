import { useQuery } from "@tanstack/react-query";
import { OPEN_ALERTS_KEY } from "../alerts/query-keys";
import { listAlerts } from "../api/calls";
import type { Alert } from "../api/types";
import { useVisible } from "../ui/visibility";

const MOST = "100";
const NO_ALERTS: readonly Alert[] = [];

/** The latest alerts. They are kept with the count of the open ones, so that what changes that reads them again. */
export function useLatestAlerts(shown: boolean, tenant: string | null): readonly Alert[] {
  const query = new URLSearchParams({ limit: MOST, ...(tenant && { tenant_id: tenant }) });
  const { data } = useQuery({
    queryKey: [...OPEN_ALERTS_KEY, "latest", tenant],
    queryFn: ({ signal }) => listAlerts(query, signal),
    enabled: useVisible() && shown,
    staleTime: Number.POSITIVE_INFINITY,
    // Without alerts the chart is the same chart.
    retry: false,
  });
  return data?.data ?? NO_ALERTS;
}
