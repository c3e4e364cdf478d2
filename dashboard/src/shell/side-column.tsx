import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Session } from "../api/types";
import { LOG_PATH } from "../paths";
import { t } from "../texts/texts";
import { useFolded } from "../timeline/use-folded";
import { IconButton } from "../ui/button";
import mark from "../ui/mark.svg";
import { Account } from "./account";
import { CommandsButton } from "./commands-button";
import { Navigation } from "./navigation";

const STORED = "livetrail-navigation";

/** The pages at the left of every page, where the screen is wide enough. `notice` is what is announced there. */
export function SideColumn({ session, notice }: { session: Session; notice: ReactNode }) {
  const [compact, fold] = useFolded(false, STORED);
  const FoldIcon = compact ? PanelLeftOpen : PanelLeftClose;
  return (
    <aside
      aria-label={t("Side column")}
      className={`sticky top-0 z-20 flex h-dvh shrink-0 flex-col border-r border-line ${compact ? "w-12" : "w-[10.625rem]"}`}
    >
      <div className={`flex shrink-0 items-center ${compact ? "flex-col" : "justify-between pr-1.5"}`}>
        <Link href={LOG_PATH} className="flex h-12 items-center gap-2.5 px-3.5 font-semibold">
          <img src={mark} alt="" className="size-5" />
          <span className={compact ? "sr-only" : ""}>Livetrail</span>
        </Link>
        <CommandsButton look={compact ? "icon" : "key"} className={compact ? "w-8" : ""} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto py-1">
        <Navigation compact={compact} />
      </div>
      <div className="px-2">{notice}</div>
      <div className={`flex shrink-0 border-t border-line p-1 ${compact ? "flex-col" : "items-end"}`}>
        <div className="min-w-0 flex-1">
          <Account session={session} compact={compact} />
        </div>
        <IconButton label={compact ? t("Show names of pages") : t("Show icons only")} onClick={fold}>
          <FoldIcon aria-hidden className="size-4" />
        </IconButton>
      </div>
    </aside>
  );
}
