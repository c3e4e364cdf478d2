import { lazy, Suspense } from "react";
import { ErrorBoundary } from "../states/error-boundary";
import { t } from "../texts/texts";

const SavedViews = lazy(() => import("../views/saved-views"));

/** The place of the saved views, which come after the first rows. */
export function ViewsSlot({ onFollow }: { onFollow: (() => void) | undefined }) {
  return (
    <ErrorBoundary what={t("The views")}>
      <Suspense>
        <SavedViews onFollow={onFollow} />
      </Suspense>
    </ErrorBoundary>
  );
}
