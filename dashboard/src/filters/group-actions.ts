import type { Catalogue, CatalogueAction, Facets } from "../api/types";
import { inWords } from "../ui/format";

export interface ActionOption extends Pick<CatalogueAction, "key" | "title" | "icon"> {
  /** How many activities there are of it; null where that is not known. */
  count: number | null;
}

export interface ActionGroup {
  title: string;
  actions: ActionOption[];
}

interface Wanted {
  text: string;
  chosen: readonly string[];
  /** Null while the counts are on their way, or when there are none to be had. */
  counted: readonly Facets["action_type"][number][] | null;
}

/** The server counts no more values than this of a kind: any other may occur as well. */
const MAX_COUNTED = 50;

/**
 * The actions whose title or key contains the text, in the catalogue's order, and before them those that it does not
 * know: what occurs, or is chosen, all the same. Empty groups are left out.
 */
export function groupActions(catalogue: Catalogue, { text, chosen, counted }: Wanted): ActionGroup[] {
  const wanted = text.trim().toLowerCase();
  const matches = (action: { key: string; title: string }) =>
    action.title.toLowerCase().includes(wanted) || action.key.toLowerCase().includes(wanted);
  const counts = new Map(counted?.map(({ value, count }) => [value, count]));
  const otherwise = counted && counted.length < MAX_COUNTED ? 0 : null;
  const withCount = (action: Pick<CatalogueAction, "key" | "title" | "icon">): ActionOption => ({
    key: action.key,
    title: action.title,
    icon: action.icon,
    count: counts.get(action.key) ?? otherwise,
  });

  const known = new Set(catalogue.actions.map((action) => action.key));
  const others = [...new Set([...chosen, ...counts.keys()])]
    .filter((key) => !known.has(key))
    .map((key) => ({ key, title: inWords(key), icon: "activity" }));
  const groups = catalogue.categories.map(({ key, title }) => ({
    title,
    actions: catalogue.actions.filter((action) => action.category === key && matches(action)).map(withCount),
  }));
  return [
    { title: "Not in the catalogue", actions: others.filter(matches).map(withCount) },
    ...groups,
  ].filter((group) => group.actions.length > 0);
}
