import { Pencil, Star, Users } from "lucide-react";
import type { MouseEvent } from "react";
import { useLocation, useSearch } from "wouter";
import type { SavedView } from "../api/types";
import { LOG_PATH, logAddress } from "../paths";
import { t } from "../texts/texts";
import { formatCount, formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import type { NamedView } from "./built-in";
import { isShown, openedQuery } from "./saved-query";
import { useViewCount } from "./use-view-count";

interface ViewLinkProps {
  view: NamedView;
  /** The view as the server keeps it; null for one that is built in. */
  saved: SavedView | null;
  onEdit?: (() => void) | undefined;
  onFollow: (() => void) | undefined;
  /** Whether the reader looks at the views. */
  isCounted: boolean;
}

/** A view in the navigation, with the count of its activities. */
export function ViewLink({ view, saved, onEdit, onFollow, isCounted }: ViewLinkProps) {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const count = useViewCount(view.query, isCounted);
  const now = () => Date.now() / 1_000;
  const isCurrent = path === LOG_PATH && isShown(view.query, search, now());
  // Its range ends now: when the link is followed, not when it was drawn.
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    navigate(logAddress(openedQuery(view.query, now())));
    onFollow?.();
  };
  return (
    <li className="group/view relative flex items-center">
      <a
        href={logAddress(openedQuery(view.query, now()))}
        onClick={follow}
        aria-current={isCurrent || undefined}
        title={visibleText(view.name)}
        className={`flex h-7 min-w-0 flex-1 items-center gap-1.5 rounded-md px-2 text-muted transition-colors hover:bg-hover hover:text-ink aria-[current=true]:bg-hover aria-[current=true]:text-ink ${onEdit ? "group-focus-within/view:pr-8 group-hover/view:pr-8" : ""}`}
      >
        <span className="min-w-0 flex-1 truncate">
          <SenderText text={view.name} />
        </span>
        {saved && <Marks view={saved} />}
        {count !== null && (
          <span
            title={formatNumber(count)}
            className={`tabular shrink-0 text-2xs text-faint ${onEdit ? "group-focus-within/view:hidden group-hover/view:hidden" : ""}`}
          >
            <span className="sr-only">: </span>
            {formatCount(count)}
          </span>
        )}
      </a>
      {onEdit && <EditButton name={view.name} onEdit={onEdit} />}
    </li>
  );
}

function Marks({ view }: { view: SavedView }) {
  return (
    <>
      {view.is_default && <Star aria-label={t("Default")} className="size-3 shrink-0" />}
      {view.shared && <Users aria-label={t("Shared")} className="size-3 shrink-0" />}
    </>
  );
}

/** It is seen where the pointer or the focus is, and always on a screen that is touched. */
function EditButton({ name, onEdit }: { name: string; onEdit: () => void }) {
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label={t("Edit {name}", { name: visibleText(name) })}
      title={t("Edit this view")}
      onClick={onEdit}
      className="absolute right-1 flex size-6 items-center justify-center rounded text-faint opacity-0 group-hover/view:opacity-100 hover:bg-hover hover:text-ink focus-visible:opacity-100 pointer-coarse:opacity-100"
    >
      <Pencil aria-hidden className="size-3.5" />
    </button>
  );
}
