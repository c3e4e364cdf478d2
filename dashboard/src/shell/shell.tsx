import type { ReactNode } from "react";
import type { Session } from "../api/types";
import { DRAWERS, type DrawerSize } from "../ui/drawer-sizes";
import { useMedia } from "../ui/use-media";
import { Sheets } from "./sheets";
import { SideColumn } from "./side-column";
import { TopBar } from "./top-bar";

interface ShellProps {
  session: Session;
  /** What the page is called, after the name of the product. */
  title: string;
  /** What decides which rows are shown: at the top, or on a narrow screen above the content. */
  bar: ReactNode;
  /** How the page's stream is. */
  badge: ReactNode;
  /** What else can be done on this page, at the end of the bar. */
  controls?: ReactNode;
  /** What is announced beside the page. */
  notice?: ReactNode;
  /** What is open beside the page: its place is left free. */
  aside?: DrawerSize | null;
  refreshing?: boolean;
  /** Reads again what is shown. */
  onRefresh?: () => void;
  children: ReactNode;
}

/** What stands around the content of every page: the pages at the left, and one bar at the top. */
export function Shell(props: ShellProps) {
  const { session, bar, notice = null, aside = null, controls, children, ...rest } = props;
  const wide = useMedia("(min-width: 64rem)");
  return (
    <div className={`flex items-start ${aside ? DRAWERS[aside].room : ""}`}>
      <Sheets session={session} />
      {wide && <SideColumn session={session} notice={notice} />}
      <div className="min-w-0 flex-1">
        <TopBar session={wide ? null : session} bar={wide && bar} {...rest}>
          {controls}
        </TopBar>
        {!wide && notice}
        <main className="@container flex flex-col">
          {!wide && <div className="@container border-b border-line px-3 py-2">{bar}</div>}
          {children}
        </main>
      </div>
    </div>
  );
}
