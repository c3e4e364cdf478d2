import { ClipboardList, LogOut, Moon, Pause, Play, RotateCw, Sun } from "lucide-react";
import type { Session } from "../api/types";
import { type BadgeStatus, LiveBadge } from "../live/live-badge";
import { useSignOut } from "../session/use-session";
import { Button, IconButton } from "../ui/button";
import mark from "../ui/mark.svg";
import { SenderText } from "../ui/sender-text";
import { useTheme } from "../ui/theme";
import { visibleText } from "../ui/visible-text";

interface TopBarProps {
  session: Session;
  status: BadgeStatus;
  paused: boolean;
  refreshing: boolean;
  onPause: () => void;
  onRefresh: () => void;
  reportsOpen: boolean;
  onReports: () => void;
}

export function TopBar(props: TopBarProps) {
  const { session, status, paused, refreshing, onPause, onRefresh, reportsOpen, onReports } = props;
  const [theme, toggleTheme] = useTheme();
  const signOut = useSignOut();
  const ThemeIcon = theme === "dark" ? Sun : Moon;
  const PauseIcon = paused ? Play : Pause;
  const name = session.display_name ?? session.user_id;
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-canvas">
      <div className="mx-auto flex h-12 max-w-[120rem] items-center gap-2 px-4 lg:px-6">
        <img src={mark} alt="" className="size-6" />
        <h1 className="text-sm font-semibold tracking-tight max-sm:sr-only">
          Livetrail<span className="sr-only"> activity log</span>
        </h1>
        <span className="sm:ml-2">
          <LiveBadge status={status} paused={paused} />
        </span>
        <span className="ml-auto" />
        <Button look="quiet" aria-haspopup="dialog" aria-expanded={reportsOpen} onClick={onReports}>
          <ClipboardList aria-hidden className="size-3.5 max-sm:size-4.5" />
          <span className="max-sm:sr-only">Reports</span>
        </Button>
        <IconButton
          label={paused ? "Resume live updates" : "Pause live updates"}
          aria-pressed={paused}
          onClick={onPause}
        >
          <PauseIcon aria-hidden className="size-4.5" />
        </IconButton>
        <IconButton label="Refresh" onClick={onRefresh} disabled={refreshing}>
          <RotateCw aria-hidden className={`size-4.5 ${refreshing ? "animate-spin" : ""}`} />
        </IconButton>
        <IconButton label={theme === "dark" ? "Switch to light" : "Switch to dark"} onClick={toggleTheme}>
          <ThemeIcon aria-hidden className="size-4.5" />
        </IconButton>
        <span className="mx-1 hidden h-5 w-px bg-line sm:block" />
        <span
          className="hidden max-w-48 truncate text-xs text-muted sm:block"
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
