import type { ReactNode } from "react";
import type { Session } from "../api/types";
import { ErrorBoundary } from "../states/error-boundary";
import { t } from "../texts/texts";
import { ZoneSwitch } from "../times/zone-switch";
import { Shell } from "./shell";
import { usePageTitle } from "./use-page-title";

interface FrameProps {
  session: Session;
  title: string;
  /** What the page can be changed by. */
  bar?: ReactNode;
  refreshing: boolean;
  onRefresh: () => void;
  children: ReactNode;
}

/** What every page has around it that has no stream. */
export function Frame({ title, bar = null, children, ...rest }: FrameProps) {
  usePageTitle(title);
  return (
    <Shell
      title={title}
      bar={<div className="flex flex-wrap items-center gap-2">{bar}</div>}
      badge={<ZoneSwitch />}
      {...rest}
    >
      <ErrorBoundary what={t("This page")}>{children}</ErrorBoundary>
    </Shell>
  );
}
