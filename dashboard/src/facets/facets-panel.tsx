import { ListFilter } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import type { Filter } from "../filters/view";
import { ErrorBoundary } from "../states/error-boundary";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import type { FacetsPlace } from "./use-facets-place";

const FacetRail = lazy(() => import("./facet-rail"));

interface FacetsPanelProps {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
  /** The newest activity on the page. */
  newest: string | null;
  place: FacetsPlace;
  /** The list. */
  children: ReactNode;
}

/** Shows and hides the facets, where there is little room. */
export function FacetsButton({ place: { hasRoom, isShown, toggle } }: { place: FacetsPlace }) {
  if (hasRoom) return null;
  return (
    <span className="flex items-center pl-1.5">
      <Button look="quiet" size="small" aria-expanded={isShown} onClick={toggle}>
        <ListFilter aria-hidden className="size-3.5" />
        <span className="max-sm:sr-only">{t("Facets")}</span>
      </Button>
    </span>
  );
}

/** The rail at the left of the list. */
export function FacetsPanel({ filter, onChange, newest, place: { isShown }, children }: FacetsPanelProps) {
  return (
    <div className="items-start md:flex">
      {isShown && (
        <aside
          aria-label={t("Facets")}
          className="top-(--header-height) w-full shrink-0 overflow-y-auto overscroll-contain md:sticky md:max-h-[calc(100dvh-var(--header-height))] md:w-[11.5rem]"
        >
          <ErrorBoundary what={t("The facets")} drawn={filter}>
            <Suspense>
              <FacetRail filter={filter} onChange={onChange} newest={newest} />
            </Suspense>
          </ErrorBoundary>
        </aside>
      )}
      <div className="min-w-0 flex-1 border-line md:not-first:border-l">{children}</div>
    </div>
  );
}
