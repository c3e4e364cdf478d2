import { useQueryClient } from "@tanstack/react-query";
import { BookmarkPlus } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import type { SavedView, Session } from "../api/types";
import { LOG_PATH } from "../paths";
import { SESSION_KEY } from "../session/use-session";
import { rich, t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";
import { BUILT_IN } from "./built-in";
import { editView } from "./edited-view";
import { useSavedViews } from "./use-saved-views";
import { ViewLink } from "./view-link";

/** More of them are shown on demand: each is counted when they are looked at. */
const SHOWN = 12;

/** The views in the navigation: those that every log has, and those that were saved. */
export default function SavedViews({ onFollow }: { onFollow: (() => void) | undefined }) {
  const { data: views, error } = useSavedViews();
  const [isLookedAt, setLookedAt] = useState(false);
  const [showsAll, setShowsAll] = useState(false);
  const [path] = useLocation();
  const session = useQueryClient().getQueryData<Session | null>(SESSION_KEY);
  const isAdmin = session?.role === "admin";
  const saved = views ?? [];
  const shown = showsAll ? saved : saved.slice(0, SHOWN);
  const mayEdit = (view: SavedView) => view.is_own || (isAdmin && view.shared);
  return (
    <>
      <ul
        aria-label={t("Views")}
        className="flex flex-col gap-px"
        onPointerEnter={() => setLookedAt(true)}
        onPointerLeave={() => setLookedAt(false)}
        onFocus={() => setLookedAt(true)}
        onBlur={() => setLookedAt(false)}
      >
        {BUILT_IN.map(({ name, query }) => (
          <ViewLink
            key={name}
            view={{ name: t(name), query }}
            saved={null}
            onFollow={onFollow}
            isCounted={isLookedAt}
          />
        ))}
        {shown.map((view) => (
          <ViewLink
            key={view.id}
            view={view}
            saved={view}
            onFollow={onFollow}
            isCounted={isLookedAt}
            onEdit={mayEdit(view) ? () => editView(view) : undefined}
          />
        ))}
      </ul>
      {saved.length > shown.length && (
        <button type="button" className={LINE} onClick={() => setShowsAll(true)}>
          {t("{count} more", { count: saved.length - shown.length })}
        </button>
      )}
      {path === LOG_PATH && (
        <button type="button" aria-haspopup="dialog" className={LINE} onClick={() => editView("new")}>
          <BookmarkPlus aria-hidden className="size-3.5" />
          <span className="truncate">{t("Save view…")}</span>
        </button>
      )}
      {error && !views && (
        <p role="status" className="px-2 text-2xs text-bad">
          {rich("Views not read: {reason}", { reason: <SenderText text={error.message} lines /> })}
        </p>
      )}
    </>
  );
}

const LINE =
  "flex h-7 items-center gap-1.5 rounded-md px-2 text-faint transition-colors hover:bg-hover hover:text-ink";
