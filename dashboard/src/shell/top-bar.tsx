import { LogOut, Moon, RotateCw, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Session } from "../api/types";
import { LOG_PATH } from "../paths";
import { useSignOut } from "../session/use-session";
import { IconButton } from "../ui/button";
import mark from "../ui/mark.svg";
import { SenderText } from "../ui/sender-text";
import { useTheme } from "../ui/theme";
import { visibleText } from "../ui/visible-text";
import { Navigation, type Page } from "./navigation";

interface TopBarProps {
  session: Session;
  page: Page;
  /** What the page is called, after the name of the product. */
  title: string;
  /** How the page's stream is. */
  badge: ReactNode;
  /** Stands in the middle, and where there is no room at the bottom of the screen. */
  notice?: ReactNode;
  refreshing: boolean;
  onRefresh: () => void;
  /** What else can be done on this page. */
  children?: ReactNode;
}

export function TopBar(props: TopBarProps) {
  const { session, page, title, badge, notice = null, refreshing, onRefresh, children } = props;
  const [theme, toggleTheme] = useTheme();
  const signOut = useSignOut();
  const ThemeIcon = theme === "dark" ? Sun : Moon;
  const name = session.display_name ?? session.user_id;
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-canvas">
      <div className="mx-auto flex h-12 max-w-[120rem] items-center gap-1 px-4 sm:gap-2 lg:px-6">
        <Link href={LOG_PATH} className="flex shrink-0 items-center gap-2 rounded">
          <img src={mark} alt="" className="size-6" />
          <h1 className="text-sm font-semibold tracking-tight max-sm:sr-only">
            Livetrail<span className="sr-only"> {title}</span>
          </h1>
        </Link>
        <Navigation page={page} />
        <span className="min-w-0 overflow-hidden rounded-full">{badge}</span>
        <div className="flex min-w-0 flex-1 justify-center">{notice}</div>
        {children}
        <IconButton label="Refresh" onClick={onRefresh} disabled={refreshing}>
          <RotateCw aria-hidden className={`size-4.5 ${refreshing ? "animate-spin" : ""}`} />
        </IconButton>
        <IconButton label={theme === "dark" ? "Switch to light" : "Switch to dark"} onClick={toggleTheme}>
          <ThemeIcon aria-hidden className="size-4.5" />
        </IconButton>
        <span className="mx-1 hidden h-5 w-px bg-line sm:block" />
        <span
          className="hidden max-w-48 truncate text-xs text-muted md:block"
          title={`${visibleText(name)}\n${session.role}`}
        >
          <SenderText text={name} />
        </span>
        <IconButton label="Sign out" onClick={() => signOut.mutate()}>
          <LogOut aria-hidden className="size-4.5" />
        </IconButton>
      </div>
    </header>
  );
}
