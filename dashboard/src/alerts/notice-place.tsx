import { lazy, Suspense } from "react";
import { ErrorBoundary } from "../states/error-boundary";

const AlertNotice = lazy(() => import("./alert-notice"));

/** Where alerts are announced. What it shows is loaded with the first alert. */
export const NoticePlace = () => (
  <ErrorBoundary what="The alert" place="corner">
    <Suspense>
      <AlertNotice />
    </Suspense>
  </ErrorBoundary>
);
