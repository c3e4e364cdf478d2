import { SearchX } from "lucide-react";
import { lazy, Suspense } from "react";
import { tokensOf } from "../filters/tokens";
import { useView } from "../filters/use-view";
import { t } from "../texts/texts";
import { Button } from "../ui/button";

const WaysToMatch = lazy(() => import("./ways-to-match"));

export function NoMatch({
  onClearFilters,
  onFirstPage,
}: {
  onClearFilters?: () => void;
  onFirstPage?: () => void;
}) {
  const { view } = useView();
  const count = tokensOf(view).length;
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-16 text-center text-sm text-muted">
      <span className="flex size-10 items-center justify-center rounded-full bg-hover text-muted">
        <SearchX aria-hidden className="size-5" />
      </span>
      <h2 className="text-base font-semibold text-ink">
        {onFirstPage ? t("This page is beyond the last one") : noMatch(count)}
      </h2>
      {onFirstPage ? (
        <>
          <p className="max-w-sm">{t("The log has fewer pages now than when this link was made.")}</p>
          <Button onClick={onFirstPage}>{t("Go to the first page")}</Button>
        </>
      ) : (
        <>
          <Suspense>
            <WaysToMatch />
          </Suspense>
          <p className="max-w-sm">{t("Whatever matches from now on appears here by itself.")}</p>
          {onClearFilters && <Button onClick={onClearFilters}>{t("Clear filters")}</Button>}
        </>
      )}
    </div>
  );
}

function noMatch(filters: number): string {
  if (filters > 2) return t("No activity matches all {count} filters", { count: filters });
  return filters === 2 ? t("No activity matches both filters") : t("No activity matches this filter");
}
