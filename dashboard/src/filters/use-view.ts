import { useQueryStates } from "nuqs";
import { useCallback } from "react";
import {
  FIRST_PAGE,
  type Filter,
  NO_FILTER,
  NOTHING_BESIDE,
  type SortKey,
  type View,
  viewParsers,
} from "./view";

export interface ViewActions {
  view: View;
  /** Changes filters; `typing` keeps keystrokes out of the browser's history. */
  filterBy: (change: Partial<Filter>, typing?: boolean) => void;
  clearFilters: () => void;
  sortBy: (key: SortKey) => void;
  turnTo: (page: number, cursor: string | null) => void;
  setLimit: (limit: number) => void;
  openActivity: (id: string | null, moving?: boolean) => void;
  change: (change: Partial<View>) => void;
}

/** Reads the view from the URL and changes it there. */
export function useView(): ViewActions {
  const [view, setView] = useQueryStates(viewParsers, { history: "push", clearOnDefault: true });

  const change = useCallback((next: Partial<View>) => void setView(next), [setView]);
  const filterBy = useCallback(
    (next: Partial<Filter>, typing = false) =>
      void setView({ ...next, ...FIRST_PAGE }, { history: typing ? "replace" : "push" }),
    [setView],
  );
  const clearFilters = useCallback(() => void setView({ ...NO_FILTER, ...FIRST_PAGE }), [setView]);
  const sortBy = useCallback(
    (key: SortKey) =>
      void setView((now) => ({
        ...FIRST_PAGE,
        sort_by: key,
        sort_order: now.sort_by === key && now.sort_order === "desc" ? "asc" : "desc",
      })),
    [setView],
  );
  const turnTo = useCallback(
    (page: number, cursor: string | null) => void setView({ page, cursor }),
    [setView],
  );
  const setLimit = useCallback((limit: number) => void setView({ limit, ...FIRST_PAGE }), [setView]);
  const openActivity = useCallback(
    (id: string | null, moving = false) =>
      void setView({ ...NOTHING_BESIDE, activity: id }, { history: moving ? "replace" : "push" }),
    [setView],
  );
  return { view, filterBy, clearFilters, sortBy, turnTo, setLimit, openActivity, change };
}
