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
  newest: string | null;
  /** The list. */
  children: ReactNode;
}

/** The rail beside the list. Where there is little room, a button shows it. */
export function FacetsPanel({ filter, onChange, newest, children }: FacetsPanelProps) {
  const hasRoom = useMedia("(min-width: 1280px)");
  const [isShown, setShown] = useState(false);
  const rail = (hasRoom || isShown) && (
    <ErrorBoundary what="The facets" drawn={filter}>
      <Suspense>
        <FacetRail filter={filter} onChange={onChange} newest={newest} />
      </Suspense>
    </ErrorBoundary>
  );
  return (
    <div
      className="grid items-start gap-2 md:data-rail:grid-cols-[11.5rem_minmax(0,1fr)]"
      data-rail={rail ? "" : undefined}
    >
      {!hasRoom && (
        <div className="md:col-span-full">
          <Button size="small" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
            <ListFilter aria-hidden className="size-3.5" />
            Facets
          </Button>
        </div>
      )}
      {rail && <div className="min-w-0">{rail}</div>}
      <div className="min-w-0">{children}</div>
    </div>
  );
}
