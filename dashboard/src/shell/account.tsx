import { Keyboard, LogOut, Moon, Sun } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import type { Session } from "../api/types";
import { useSignOut } from "../session/use-session";
import { IconButton } from "../ui/button";
import { areKeysOn, isTyping } from "../ui/keys";
import { SenderText } from "../ui/sender-text";
import { useTheme } from "../ui/theme";
import { visibleText } from "../ui/visible-text";

const KeysSheet = lazy(() => import("./keys-sheet"));

/** Who is signed in, and what concerns this browser alone. */
export function Account({ session, compact = false }: { session: Session; compact?: boolean }) {
  const [theme, toggleTheme] = useTheme();
  const signOut = useSignOut();
  const ThemeIcon = theme === "dark" ? Sun : Moon;
  const name = session.display_name ?? session.user_id;
  return (
    <div className={`flex items-center ${compact ? "flex-col" : ""}`}>
      <span
        className={compact ? "sr-only" : "min-w-0 flex-1 truncate pl-2 text-xs text-muted"}
        title={`${visibleText(name)}\n${session.role}`}
      >
        <SenderText text={name} />
      </span>
      <IconButton label={theme === "dark" ? "Switch to light" : "Switch to dark"} onClick={toggleTheme}>
        <ThemeIcon aria-hidden className="size-4" />
      </IconButton>
      <Keys />
      <IconButton label="Sign out" onClick={() => signOut.mutate()}>
        <LogOut aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}

/** Shows the keys of the page, by a click or by "?". */
function Keys() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "?" || event.defaultPrevented || !areKeysOn() || isTyping(event.target)) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <>
      <IconButton label="Keys" onClick={() => setOpen(true)}>
        <Keyboard aria-hidden className="size-4" />
      </IconButton>
      <Suspense>{isOpen && <KeysSheet onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
