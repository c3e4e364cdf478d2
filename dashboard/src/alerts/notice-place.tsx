import { lazy, Suspense } from "react";
import { ErrorBoundary } from "../states/error-boundary";
import { t } from "../texts/texts";

const AlertNotice = lazy(() => import("./alert-notice"));

/** Where alerts are announced. What it shows is loaded with the first alert. */
export const NoticePlace = () => (
  <ErrorBoundary what={t("The alert")} place="corner">
    <Suspense>
      <AlertNotice />
    </Suspense>
  </ErrorBoundary>
);
