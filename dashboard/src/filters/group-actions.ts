import type { Catalogue, CatalogueAction } from "../api/types";
import { inWords } from "../ui/format";

export interface ActionGroup {
  title: string;
  actions: Pick<CatalogueAction, "key" | "title" | "icon">[];
}

/** The actions whose title or key contains the text, in the catalogue's order; empty groups are left out. */
export function groupActions(catalogue: Catalogue, text: string, chosen: readonly string[]): ActionGroup[] {
  const wanted = text.trim().toLowerCase();
  const matches = (action: { key: string; title: string }) =>
    action.title.toLowerCase().includes(wanted) || action.key.toLowerCase().includes(wanted);
  const known = new Set(catalogue.actions.map((action) => action.key));
  const others = chosen
    .filter((key) => !known.has(key))
    .map((key) => ({ key, title: inWords(key), icon: "activity" }));
  const groups = catalogue.categories.map(({ key, title }) => ({
    title,
    actions: catalogue.actions.filter((action) => action.category === key && matches(action)),
  }));
  return [{ title: "Not in the catalogue", actions: others.filter(matches) }, ...groups].filter(
    (group) => group.actions.length > 0,
  );
}
