import { useQuery } from "@tanstack/react-query";
import { listChannels } from "../api/alert-calls";
import type { AlertChannel } from "../api/types";
import { WHILE_AWAY } from "../api/while-away";
import { useVisible } from "../ui/visibility";
import { NOTIFIED_MS } from "./arrivals";
import { CHANNELS_KEY } from "./query-keys";

const NO_CHANNELS: readonly AlertChannel[] = [];

/** The channels; none while their state is not known. Alerts of the stream cause them to be asked for again. */
export function useChannels(): readonly AlertChannel[] {
  const { data, isError } = useQuery({
    queryKey: CHANNELS_KEY,
    queryFn: ({ signal }) => listChannels(signal),
    enabled: useVisible(),
    staleTime: NOTIFIED_MS,
    ...WHILE_AWAY,
  });
  return isError || !data ? NO_CHANNELS : data.data;
}
