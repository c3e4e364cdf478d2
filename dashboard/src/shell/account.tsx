import { Keyboard, LogOut, Moon, Sun } from "lucide-react";
import type { Session } from "../api/types";
import { roleText } from "../keys/role-text";
import { useSignOut } from "../session/use-session";
import { t } from "../texts/texts";
import { IconButton } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { useTheme } from "../ui/theme";
import { visibleText } from "../ui/visible-text";
import { openSheet } from "./sheet";

/** Who is signed in, and what concerns this browser alone. Where both do not fit, the name has a line of its own. */
export function Account({ session, compact = false }: { session: Session; compact?: boolean }) {
  const [theme, toggleTheme] = useTheme();
  const signOut = useSignOut();
  const ThemeIcon = theme === "dark" ? Sun : Moon;
  const name = session.display_name ?? session.user_id;
  return (
    <div className={`flex items-center ${compact ? "flex-col" : "flex-wrap"}`}>
      <span
        className={compact ? "sr-only" : "min-w-0 flex-1 basis-24 truncate py-1 pl-2 text-xs text-muted"}
        title={`${visibleText(name)}\n${roleText(session.role)}`}
      >
        <SenderText text={name} />
      </span>
      <span className={`flex ${compact ? "flex-col" : ""}`}>
        <IconButton
          label={theme === "dark" ? t("Switch to light") : t("Switch to dark")}
          onClick={toggleTheme}
        >
          <ThemeIcon aria-hidden className="size-4" />
        </IconButton>
        <IconButton
          label={t("Keyboard shortcuts")}
          title={`${t("Keyboard shortcuts")} (?)`}
          aria-haspopup="dialog"
          onClick={() => openSheet("keys")}
        >
          <Keyboard aria-hidden className="size-4" />
        </IconButton>
        <IconButton label={t("Sign out")} onClick={() => signOut.mutate()}>
          <LogOut aria-hidden className="size-4" />
        </IconButton>
      </span>
    </div>
  );
}
