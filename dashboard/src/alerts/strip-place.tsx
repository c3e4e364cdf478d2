import { lazy, Suspense } from "react";
import type { Session } from "../api/types";
import { ErrorBoundary } from "../states/error-boundary";
import { t } from "../texts/texts";
import { useOpenAlerts } from "./use-open-alerts";

const AlertStrip = lazy(() => import("./alert-strip"));

/** Where an open alert stands over the list. What it shows is loaded when there is one. */
export function StripPlace({ session }: { session: Session }) {
  const open = useOpenAlerts();
  if (open === null) return null;
  if (open === 0) return <p className="px-3 py-2 text-xs text-faint">{t("No open alerts")}</p>;
  return (
    <ErrorBoundary what={t("The open alert")}>
      <Suspense>
        <AlertStrip session={session} />
      </Suspense>
    </ErrorBoundary>
  );
}
