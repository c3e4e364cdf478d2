import { X } from "lucide-react";
import { t } from "../texts/texts";
import { useTimes } from "../times/times";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { fullWords, inOneText, shortWords } from "./token-words";
import type { Token } from "./tokens";

interface FilterTokenProps {
  token: Token;
  me: string | null;
  onEdit: () => void;
  onRemove: () => void;
}

/** One thing that the filter says. It is changed by a click, and removed by its cross or by Delete. */
export function FilterToken({ token, me, onEdit, onRemove }: FilterTokenProps) {
  const times = useTimes();
  const { label, not, value } = shortWords(token, me, times);
  const inShort = visibleText(inOneText({ label, not, value }));
  const name = visibleText(fullWords(token, me, times));
  return (
    <li className="inline-flex h-6 max-w-full min-w-0 items-center rounded bg-accent-soft text-xs text-accent">
      <button
        type="button"
        data-token
        // What is to be seen is in it word by word, for people who speak it to click it.
        aria-label={t("Edit filter {filter}", { filter: inShort })}
        title={name}
        onClick={onEdit}
        className="flex h-6 min-w-0 items-center gap-1 rounded-l pl-2"
      >
        {label && <span className="shrink-0">{label}</span>}{" "}
        {not && <span className="shrink-0 font-semibold text-bad">{t("not")}</span>}{" "}
        <span className="max-w-80 truncate font-semibold">
          <SenderText text={value} />
        </span>
      </button>
      <button
        type="button"
        aria-label={t("Remove filter {filter}", { filter: name })}
        onClick={onRemove}
        className="inline-flex size-6 shrink-0 items-center justify-center rounded-r opacity-70 hover:bg-accent/15 hover:opacity-100"
      >
        <X aria-hidden className="size-3" />
      </button>
    </li>
  );
}
