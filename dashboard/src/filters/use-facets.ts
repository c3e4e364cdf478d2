import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getFacets } from "../api/calls";
import { type Filter, filterQuery } from "./view";

const FRESH_MS = 15_000;

/** The values that occur among what a filter matches. Whoever offers one of them leaves its own condition out. */
export function useFacets(filter: Filter) {
  const query = filterQuery(filter);
  return useQuery({
    queryKey: ["facets", query.toString()],
    queryFn: ({ signal }) => getFacets(query, signal),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
  });
}
