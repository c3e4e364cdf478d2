import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { NewSavedView, SavedView, SavedViewChange, SavedViewList, Session } from "../api/types";
import { changeView, listViews, removeView, saveView } from "../api/view-calls";
import { SESSION_KEY } from "../session/use-session";
import { keepDefaultView } from "./default-view";

const VIEWS_KEY = ["views"] as const;

/** The views of the server, by name. Another admin may have shared one since, so a page that is looked at asks again. */
export function useSavedViews() {
  const queries = useQueryClient();
  const views = useQuery({
    queryKey: VIEWS_KEY,
    queryFn: ({ signal }) => listViews(signal),
    staleTime: 60_000,
    refetchOnWindowFocus: true,
    select: byName,
  });
  const { data } = views;
  const session = queries.getQueryData<Session | null>(SESSION_KEY);
  useEffect(() => {
    if (data && session) keepDefaultView(session, data);
  }, [data, session]);
  return views;
}

const byName = ({ data }: SavedViewList): SavedView[] =>
  [...data].sort((a, b) => a.name.localeCompare(b.name));

export type Wish =
  | { kind: "save"; view: NewSavedView }
  | { kind: "change"; id: string; change: SavedViewChange }
  | { kind: "remove"; id: string };

function grant(wish: Wish): Promise<unknown> {
  if (wish.kind === "save") return saveView(wish.view);
  return wish.kind === "change" ? changeView(wish.id, wish.change) : removeView(wish.id);
}

/** Saves, changes and removes views. */
export function useViewChanges(onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: grant,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: VIEWS_KEY });
      onDone();
    },
  });
}
