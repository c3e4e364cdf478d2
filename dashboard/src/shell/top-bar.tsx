import { RotateCw } from "lucide-react";
import { lazy, type ReactNode, Suspense, useRef } from "react";
import type { Session } from "../api/types";
import { t } from "../texts/texts";
import { IconButton } from "../ui/button";
import mark from "../ui/mark.svg";
import { usePageActions } from "./page-actions";
import { useHeaderHeight } from "./use-header-height";

const PageMenu = lazy(() => import("./page-menu"));

interface TopBarProps {
  /** Whom the menu of pages is for; null where they stand in a column of their own. */
  session: Session | null;
  /** What the page is called, after the name of the product. */
  title: string;
  /** What decides which rows are shown. */
  bar: ReactNode;
  /** How the page's stream is. */
  badge: ReactNode;
  refreshing?: boolean;
  onRefresh?: () => void;
  /** What else can be done on this page. */
  children?: ReactNode;
}

export function TopBar({ session, title, bar, badge, refreshing = false, onRefresh, children }: TopBarProps) {
  const header = useRef<HTMLElement>(null);
  useHeaderHeight(header);
  usePageActions(onRefresh ? [{ id: "refresh", words: t("Refresh"), run: onRefresh }] : []);
  return (
    <header
      ref={header}
      className="sticky top-0 z-30 flex min-h-12 items-center gap-1 border-b border-line bg-canvas px-3 sm:gap-2"
    >
      {session && (
        // As wide as its button, so that nothing moves when it comes.
        <Suspense fallback={<span className="w-14.5" />}>
          <PageMenu session={session} />
        </Suspense>
      )}
      <h1 className={session ? "flex shrink-0 items-center gap-2 font-semibold" : "sr-only"}>
        <img src={mark} alt="" className="size-5" />
        <span className="max-sm:sr-only">Livetrail</span>
        <span className="sr-only"> {title}</span>
      </h1>
      {/* Beside an open activity the badge is cut before the field is. */}
      <div className="@container min-w-0 flex-1 py-1 sm:min-w-44">{bar}</div>
      <span className="min-w-0 overflow-hidden rounded-full">{badge}</span>
      {children}
      {onRefresh && (
        <IconButton label={t("Refresh")} onClick={onRefresh} disabled={refreshing}>
          <RotateCw aria-hidden className={`size-4 ${refreshing ? "animate-spin" : ""}`} />
        </IconButton>
      )}
    </header>
  );
}
