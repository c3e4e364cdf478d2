import { Search } from "lucide-react";
import { t } from "../texts/texts";
import { openSheet } from "./sheet";
import { PALETTE_KEY } from "./sheet-keys";

interface CommandsButtonProps {
  /** How much of it is drawn: its icon, the key too, or the name as well. */
  look: "icon" | "key" | "named";
  className?: string;
}

/** Opens the list of commands, and says by which key. */
export function CommandsButton({ look, className = "" }: CommandsButtonProps) {
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-keyshortcuts="Control+K Meta+K"
      title={t("Find a page, a view, a filter, a person or an action ({key})", { key: PALETTE_KEY })}
      onClick={() => openSheet("commands")}
      className={`flex h-7 items-center gap-1.5 rounded-md text-2xs text-faint hover:bg-hover hover:text-ink ${look === "icon" ? "justify-center" : "px-2"} ${className}`}
    >
      <Search aria-hidden className="size-3.5" />
      <span className={look === "named" ? "text-xs" : "sr-only"}>{t("Commands")}</span>
      {look !== "icon" && <kbd className="ml-auto font-sans pointer-coarse:hidden">{PALETTE_KEY}</kbd>}
    </button>
  );
}
