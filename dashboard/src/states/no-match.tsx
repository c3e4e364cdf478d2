import { SearchX } from "lucide-react";
import { Button } from "../ui/button";

export function NoMatch({
  onClearFilters,
  onFirstPage,
}: {
  onClearFilters?: () => void;
  onFirstPage?: () => void;
}) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-16 text-center text-sm text-muted">
      <span className="flex size-10 items-center justify-center rounded-full bg-hover text-muted">
        <SearchX aria-hidden className="size-5" />
      </span>
      <h2 className="text-base font-semibold text-ink">
        {onFirstPage ? "This page is beyond the last one" : "No activity matches these filters"}
      </h2>
      <p className="max-w-sm">
        {onFirstPage
          ? "The log has fewer pages now than when this link was made."
          : "Whatever matches from now on appears here by itself."}
      </p>
      {onFirstPage ? (
        <Button onClick={onFirstPage}>Go to the first page</Button>
      ) : (
        onClearFilters && <Button onClick={onClearFilters}>Clear filters</Button>
      )}
    </div>
  );
}
