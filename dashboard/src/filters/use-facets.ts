import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getFacets } from "../api/calls";
import { type Filter, filterQuery } from "./view";

const FRESH_MS = 15_000;

/**
 * The values that occur among what a filter matches, for a control that is open: nothing else asks. A control that offers
 * one of them leaves its own condition out of the filter.
 */
export function useFacets(filter: Filter, enabled = true) {
  const query = filterQuery(filter);
  return useQuery({
    queryKey: ["facets", query.toString()],
    queryFn: ({ signal }) => getFacets(query, signal),
    staleTime: FRESH_MS,
    // Counts of the former filter stand until the next ones are there, so that nothing jumps.
    placeholderData: keepPreviousData,
    enabled,
  });
}
