import { isFiltered, type View } from "../filters/view";
import { usePageActions } from "../shell/page-actions";
import { editView } from "../views/edited-view";

interface LogActions {
  view: View;
  paused: boolean;
  pause: () => void;
  showNew: () => void;
  clearFilters: () => void;
}

/** What the list of commands can do with the log, beside its export. */
export function useLogActions({ view, paused, pause, showNew, clearFilters }: LogActions): void {
  usePageActions([
    { id: "hold", words: paused ? "Go on live" : "Hold new rows (pause)", keys: "Space", run: pause },
    { id: "newest", words: "Show what is newer", keys: ".", run: showNew },
    ...(isFiltered(view) ? [{ id: "clear", words: "Clear all filters", run: clearFilters }] : []),
    { id: "save view", words: "Save this view…", run: () => editView("new") },
  ]);
}
