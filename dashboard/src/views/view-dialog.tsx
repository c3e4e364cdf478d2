import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useSearch } from "wouter";
import type { SavedView } from "../api/types";
import { rich, t } from "../texts/texts";
import { Button } from "../ui/button";
import { CheckLine } from "../ui/check-line";
import { Modal } from "../ui/modal";
import { SenderText } from "../ui/sender-text";
import { TextField } from "../ui/text-field";
import { QueryWords } from "./query-words";
import { savedQuery } from "./saved-query";
import { useViewChanges, type Wish } from "./use-saved-views";

/** As many characters as the server takes. */
const MAX_NAME = 100;

interface ViewDialogProps {
  /** The view that is changed; null for a new one of what is shown. */
  view: SavedView | null;
  isAdmin: boolean;
  onClose: () => void;
}

interface Draft {
  name: string;
  shared: boolean;
  isDefault: boolean;
  /** Whether the view becomes what is shown now. */
  takesShown: boolean;
}

/** Saves what is shown as a view, or changes one. */
export default function ViewDialog({ view, isAdmin, onClose }: ViewDialogProps) {
  const shown = savedQuery(useSearch(), Date.now() / 1_000);
  const [draft, setDraft] = useState<Draft>({
    name: view?.name ?? "",
    shared: view?.shared ?? false,
    isDefault: view?.is_default ?? false,
    takesShown: view === null,
  });
  const change = (next: Partial<Draft>) => setDraft({ ...draft, ...next });
  const { mutate, error, isPending } = useViewChanges(onClose);
  const ask = (wish: Wish) => !isPending && mutate(wish);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft.name.trim()) ask(wishOf(view, draft, shown));
  };
  const isOwn = view?.is_own ?? true;
  return (
    <Modal title={view ? t("Edit view") : t("Save view")} onClose={onClose}>
      <form className="flex flex-col gap-4" onSubmit={submit} aria-busy={isPending}>
        <TextField
          label={t("Name")}
          value={draft.name}
          onChange={(name) => change({ name })}
          placeholder={t("Failed payouts of this week")}
          maxLength={MAX_NAME}
          required
          isFirst
        />
        <QueryWords query={draft.takesShown ? shown : (view?.query ?? "")} />
        {view && view.query !== shown && (
          <CheckLine
            label={t("Replace its filters with what is shown now")}
            checked={draft.takesShown}
            onChange={(takesShown) => change({ takesShown })}
          />
        )}
        <CheckLine
          label={t("Open Livetrail with this view")}
          hint={t(isOwn ? IS_YOURS : NOT_YOURS)}
          checked={draft.isDefault}
          disabled={!isOwn}
          onChange={(isDefault) => change({ isDefault })}
        />
        <CheckLine
          label={t("Share with everyone who reads this log")}
          hint={isAdmin ? undefined : t("Only admins share views.")}
          checked={draft.shared}
          disabled={!isAdmin || !isOwn}
          onChange={(shared) => change({ shared })}
        />
        {error && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-xs text-bad">
            {rich("Not saved: {reason}", { reason: <SenderText text={error.message} lines /> })}
          </p>
        )}
        <div className="flex items-center gap-2">
          {view && (
            <Button look="quiet" onClick={() => ask({ kind: "remove", id: view.id })}>
              <Trash2 aria-hidden className="size-3.5" />
              {t("Remove")}
            </Button>
          )}
          <span className="flex-1" />
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button type="submit" look="primary" aria-disabled={!draft.name.trim() || undefined}>
            {t("Save")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const IS_YOURS = "In place of the whole log. It is your default; others keep theirs.";
const NOT_YOURS = "Another user has saved this view. Save it as your own to open Livetrail with it.";

function wishOf(view: SavedView | null, draft: Draft, shown: string): Wish {
  const { name, shared, isDefault: is_default, takesShown } = draft;
  if (!view) return { kind: "save", view: { name, query: shown, shared, is_default } };
  const change = {
    ...(name !== view.name && { name }),
    ...(takesShown && { query: shown }),
    ...(shared !== view.shared && { shared }),
    ...(is_default !== view.is_default && { is_default }),
  };
  return { kind: "change", id: view.id, change };
}
