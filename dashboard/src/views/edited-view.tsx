import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import type { SavedView } from "../api/types";

const ViewDialog = lazy(() => import("./view-dialog"));

/** The view that is edited, or `new`. It outlives the menu of pages, which closes when the dialog takes the focus. */
let edited: SavedView | "new" | null = null;
const readers = new Set<() => void>();

export function editView(view: SavedView | "new" | null): void {
  edited = view;
  for (const tell of readers) tell();
}

function subscribe(tell: () => void): () => void {
  readers.add(tell);
  return () => readers.delete(tell);
}

/** The dialog in which a view is saved or changed, while there is one. */
export function EditedView({ isAdmin }: { isAdmin: boolean }) {
  const view = useSyncExternalStore(subscribe, () => edited);
  useEffect(() => () => editView(null), []);
  if (view === null) return null;
  return (
    <Suspense>
      <ViewDialog view={view === "new" ? null : view} isAdmin={isAdmin} onClose={() => editView(null)} />
    </Suspense>
  );
}
