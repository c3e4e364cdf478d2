import { isFiltered, type View } from "../filters/view";
import { usePageActions } from "../shell/page-actions";
import { t } from "../texts/texts";
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
    {
      id: "hold",
      words: paused ? t("Go on live") : t("Hold new rows (pause)"),
      keys: t("Space|key"),
      run: pause,
    },
    { id: "newest", words: t("Show what is newer"), keys: ".", run: showNew },
    ...(isFiltered(view) ? [{ id: "clear", words: t("Clear all filters"), run: clearFilters }] : []),
    { id: "save view", words: t("Save this view…"), run: () => editView("new") },
  ]);
}
