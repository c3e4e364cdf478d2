import { SearchX } from "lucide-react";
import { t } from "../texts/texts";
import { Button } from "../ui/button";

/** Why the page of a link is not shown, and the way out: the same cursor would be refused again, for ever. */
export default function RefusedCursor({ onFirstPage }: { onFirstPage: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-16 text-center text-sm text-muted">
      <span className="flex size-10 items-center justify-center rounded-full bg-hover text-muted">
        <SearchX aria-hidden className="size-5" />
      </span>
      <h2 className="text-base font-semibold text-ink">{t("This page of the list cannot be shown")}</h2>
      <p className="max-w-sm">
        {t(
          "The cursor in the address is damaged, or it belongs to another filter, another order or another log.",
        )}
      </p>
      <Button look="primary" onClick={onFirstPage}>
        {t("Show the first page")}
      </Button>
    </div>
  );
}
