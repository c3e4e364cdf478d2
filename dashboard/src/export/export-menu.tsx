import { Download } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { View } from "../filters/view";
import type { Feed } from "../live/feed";
import { usePageActions } from "../shell/page-actions";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { formatCount } from "../ui/format";

const ExportDialog = lazy(() => import("./export-dialog"));

interface ExportMenuProps {
  view: View;
  /** The list that is exported; null while it is not known. */
  feed: Feed | null;
}

/** Exports what the list shows: the same filters and order, all pages. */
export function ExportMenu({ view, feed }: ExportMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const total = feed?.stats?.total_logs ?? null;
  const unavailable = whyNot(view, feed);
  usePageActions(unavailable ? [] : [{ id: "export", words: t("Export…"), run: () => setOpen(true) }]);
  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-disabled={unavailable !== null || undefined}
        title={unavailable ?? undefined}
        onClick={() => setOpen(unavailable === null)}
        className={unavailable === null ? "" : "cursor-not-allowed! opacity-50"}
      >
        <Download aria-hidden className="size-3.5 shrink-0 sm:hidden" />
        <span className="max-sm:sr-only">{t("Export|do")}</span>
        {total !== null && total > 0 && (
          <span className="tabular text-muted max-sm:hidden">{formatCount(total)}</span>
        )}
      </Button>
      {isOpen && feed && (
        <Suspense>
          <ExportDialog view={view} rows={feed.rows} total={total} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function whyNot(view: View, feed: Feed | null): string | null {
  if (!feed) return t("Nothing to export yet: the log is being read");
  // Behind the last page there are no rows, and that says nothing of the pages before.
  const isEmpty = view.page === 1 ? feed.rows.length + feed.pendingCount === 0 : feed.stats?.total_logs === 0;
  return isEmpty ? t("Nothing to export: no activity matches") : null;
}
