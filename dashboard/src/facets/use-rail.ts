import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useCatalogue } from "../filters/use-catalogue";
import { useFacets } from "../filters/use-facets";
import { type Filter, NO_FILTER } from "../filters/view";
import { useStats } from "../stats/use-stats";
import { useVisible } from "../ui/visibility";
import { entriesOf, type FacetGroup, GROUPS } from "./facet-groups";

/** Asked again no more often than this, and not before three times as long as an answer took. */
const LEAST_PAUSE_MS = 1_000;
const PAUSE_FACTOR = 3;

/**
 * What the rail counts. A group is counted as if it chose nothing itself, so that its other values are seen: each group
 * that does is asked for apart.
 */
export function useRail(filter: Filter, newest: string | null): readonly FacetGroup[] {
  const of = (key: keyof Filter): Filter =>
    filter[key] === NO_FILTER[key] || isEmptyList(filter[key])
      ? filter
      : { ...filter, [key]: NO_FILTER[key] };
  const catalogue = useCatalogue().data ?? null;
  const stats = useStats(of("success_filter")).data?.stats ?? null;
  const answers = {
    action_filter: useFacets(of("action_filter")),
    user_id: useFacets(of("user_id")),
    status: useFacets(of("status")),
    category: useFacets(of("category")),
    endpoint: useFacets(of("endpoint")),
    resource_type: useFacets(of("resource_type")),
    method: useFacets(of("method")),
    delegate_id: useFacets(of("delegate_id")),
    via: useFacets(of("via")),
    success_filter: useFacets(filter),
  };
  useRecount(newest);
  return GROUPS.flatMap((group) => {
    const facets = answers[group.field].data;
    const entries = facets ? entriesOf(group, { facets, stats, catalogue }) : [];
    return entries.length > 0 ? [{ key: group.key, title: group.title, field: group.field, entries }] : [];
  });
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Counts again after arrivals, while the page is looked at. */
function useRecount(newest: string | null): void {
  const queries = useQueryClient();
  const isVisible = useVisible();
  const counted = useRef(newest);
  const notBefore = useRef(0);

  useEffect(() => {
    if (!isVisible || newest === counted.current) return;
    const timer = setTimeout(
      async () => {
        counted.current = newest;
        const began = performance.now();
        await queries.refetchQueries({ queryKey: ["facets"], type: "active" });
        const ended = performance.now();
        notBefore.current = ended + Math.max(LEAST_PAUSE_MS, PAUSE_FACTOR * (ended - began));
      },
      Math.max(0, notBefore.current - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [newest, isVisible, queries]);
}
