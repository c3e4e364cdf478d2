import { useQuery } from "@tanstack/react-query";
import { getActivity } from "../api/calls";
import { t } from "../texts/texts";
import { nowSeconds } from "../ui/clock";
import { useSettled } from "../ui/use-settled";
import { completionsOf, type Option, optionOf } from "./completion";
import { shapeOf } from "./shapes";
import { readTyped } from "./token-text";
import { type Token, withToken } from "./tokens";
import { useCounts } from "./use-counts";
import { useFacets } from "./use-facets";
import { useTextSearch } from "./use-text-search";
import { type Filter, NO_FILTER } from "./view";

/**
 * What the bar offers for a text, with the counts that the facets have. The server records what is read of the log, so a
 * text that is still being typed is not counted itself: that would be a record for each pause between letters.
 */
export function useCompletions(text: string, filter: Filter, me: string | null): Option[] {
  const typed = readTyped(text);
  const textSearch = useTextSearch();
  const settled = useSettled(text.trim());
  const isSettled = settled === text.trim();
  // What is offered for a field is counted as if that field were not set, so that other values of it are seen.
  const base = typed?.field.kind === "terms" && !typed.not ? without(filter, typed.field.key) : filter;
  const isAskingFacets = typed
    ? typed.field.kind === "terms" && Boolean(typed.field.facet)
    : settled.length > 1;
  const { data: facets } = useFacets(base, isAskingFacets);
  const ids = useIds(isSettled ? settled : "");
  return [
    ...ids,
    ...completionsOf({ text, filter, me, facets: facets ?? null, textSearch, now: nowSeconds() }),
  ];
}

/** Of which kind an id is: each is asked for in the whole log, at once. Those of which there is something are offered. */
function useIds(text: string): Option[] {
  const shape = shapeOf(text);
  const { ids, value } = shape && "ids" in shape ? shape : { ids: [], value: "" };
  const tokens = ids.map((field): Token => ({ field, not: false, values: [value] }));
  const counts = useCounts(tokens.map((token) => ({ ...NO_FILTER, ...withToken(NO_FILTER, token) })));
  const { data: activity } = useQuery({
    queryKey: ["activity", value],
    queryFn: ({ signal }) => getActivity(value, signal),
    enabled: value !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const opened: Option[] = activity
    ? [{ key: "open", label: t("activity"), not: false, value, act: { open: value }, count: 1 }]
    : [];
  const found = tokens.flatMap((token, index) => {
    const count = counts[index];
    return typeof count === "number" && count > 0 ? [optionOf(token, null, { count })] : [];
  });
  return [...opened, ...found];
}

const without = (filter: Filter, key: keyof Filter): Filter => ({ ...filter, [key]: NO_FILTER[key] });
