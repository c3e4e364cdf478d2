import { useQuery } from "@tanstack/react-query";
import { getServerInfo } from "../api/calls";

/** Whether the server searches messages and details. Many have that switched off, and refuse the filter `text`. */
export const useTextSearch = (): boolean =>
  useQuery({
    queryKey: ["server"],
    queryFn: ({ signal }) => getServerInfo(signal),
    staleTime: Number.POSITIVE_INFINITY,
  }).data?.text_search ?? false;
