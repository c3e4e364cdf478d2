import { ListFilter } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Filter } from "../filters/view";
import { ErrorBoundary } from "../states/error-boundary";
import { Button } from "../ui/button";
import { useMedia } from "../ui/use-media";

const FacetRail = lazy(() => import("./facet-rail"));

interface FacetsPanelProps {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
  /** The newest activity on the page. */
  newest: string | null;
  /** Something stands beside the page and takes of its room. */
  isNarrowed: boolean;
  /** The list. */
  children: ReactNode;
}

/** The rail at the left of the list. Where there is little room, a button shows it. */
export function FacetsPanel({ filter, onChange, newest, isNarrowed, children }: FacetsPanelProps) {
  const isWide = useMedia("(min-width: 1280px)");
  const hasRoom = isWide && !isNarrowed;
  const [isShown, setShown] = useState(false);
  return (
    <>
      {!hasRoom && (
        <div className="border-b border-line px-3 py-1">
          <Button look="quiet" size="small" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
            <ListFilter aria-hidden className="size-3.5" />
            Facets
          </Button>
        </div>
      )}
      <div className="items-start md:flex">
        {(hasRoom || isShown) && (
          <aside
            aria-label="Facets"
            className="top-(--header-height) w-full shrink-0 overflow-y-auto overscroll-contain md:sticky md:max-h-[calc(100dvh-var(--header-height))] md:w-[11.5rem]"
          >
            <ErrorBoundary what="The facets" drawn={filter}>
              <Suspense>
                <FacetRail filter={filter} onChange={onChange} newest={newest} />
              </Suspense>
            </ErrorBoundary>
          </aside>
        )}
        <div className="min-w-0 flex-1 border-line md:not-first:border-l">{children}</div>
      </div>
    </>
  );
}
