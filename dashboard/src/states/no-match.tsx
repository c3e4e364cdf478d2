import { SearchX } from "lucide-react";
import { lazy, Suspense } from "react";
import { tokensOf } from "../filters/tokens";
import { useView } from "../filters/use-view";
import { Button } from "../ui/button";
import { formatNumber } from "../ui/format";

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
  const filters =
    count > 2 ? `all ${formatNumber(count)} filters` : count === 2 ? "both filters" : "this filter";
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-16 text-center text-sm text-muted">
      <span className="flex size-10 items-center justify-center rounded-full bg-hover text-muted">
        <SearchX aria-hidden className="size-5" />
      </span>
      <h2 className="text-base font-semibold text-ink">
        {onFirstPage ? "This page is beyond the last one" : `No activity matches ${filters}`}
      </h2>
      {onFirstPage ? (
        <>
          <p className="max-w-sm">The log has fewer pages now than when this link was made.</p>
          <Button onClick={onFirstPage}>Go to the first page</Button>
        </>
      ) : (
        <>
          <Suspense>
            <WaysToMatch />
          </Suspense>
          <p className="max-w-sm">Whatever matches from now on appears here by itself.</p>
          {onClearFilters && <Button onClick={onClearFilters}>Clear filters</Button>}
        </>
      )}
    </div>
  );
}
