import { Search } from "lucide-react";
import { type KeyboardEvent, lazy, Suspense, useId, useRef, useState } from "react";
import { SEARCH_FIELD_ID } from "../activity/use-row-keys";
import { useSession } from "../session/use-session";
import { t } from "../texts/texts";
import { Button } from "../ui/button";
import type { ListKeys } from "./completions";
import { FilterToken } from "./filter-token";
import { tokensOf } from "./tokens";
import { useBar } from "./use-bar";
import { useLeaving } from "./use-leaving";
import { useView } from "./use-view";
import type { Filter } from "./view";

const Completions = lazy(() => import("./completions"));
const TimePanel = lazy(() => import("./time-panel"));

interface FilterBarProps {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
  onClear: () => void;
}

/** The whole filter in one place: what it says as tokens, and a field for what else it should say. */
export function FilterBar({ filter, onChange, onClear }: FilterBarProps) {
  const me = useSession(false).data?.user_id ?? null;
  const { openActivity } = useView();
  const bar = useBar({ filter, onChange, onOpen: openActivity });
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const keys = useRef<ListKeys>(null);
  const [activeId, setActiveId] = useState<string | null>(null);
  const [root, onBlur] = useLeaving(bar.beneath !== null, bar.reset);
  const { text, beneath, editing } = bar;
  const tokens = tokensOf(filter, me);
  const isListed = beneath === "list";
  const focusField = () => field.current?.focus();

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const last = tokens.at(-1);
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Backspace" && text === "" && last) bar.remove(last);
    else if (event.key === "ArrowLeft" && field.current?.selectionEnd === 0) moveAmong(root.current, -1);
    else if (isListed && keys.current?.take(event.key)) event.preventDefault();
    else if (event.key === "ArrowDown") {
      event.preventDefault();
      bar.setBeneath("list");
    } else if (event.key === "Enter") {
      event.preventDefault();
      bar.enter();
    }
  };

  return (
    <search ref={root} onBlur={onBlur} onKeyDown={onEscape} className="relative">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the field is one on the field, which has keys */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same */}
      <div
        onClick={(event) => event.target === event.currentTarget && focusField()}
        className="flex min-h-9 flex-wrap items-center gap-1.5 rounded-lg border border-line-strong bg-surface px-2 py-1 focus-within:border-accent"
      >
        <Search aria-hidden className="ml-0.5 size-3.5 text-faint" />
        {tokens.length > 0 && (
          <ul aria-label={t("Filters")} className="contents" onKeyDown={onTokenKey}>
            {tokens.map((token) => (
              <FilterToken
                key={`${token.field} ${token.not} ${token.values.join()}`}
                token={token}
                me={me}
                onEdit={() => {
                  bar.edit(token);
                  if (token.field !== "time") focusField();
                }}
                onRemove={() => {
                  bar.remove(token);
                  focusField();
                }}
              />
            ))}
          </ul>
        )}
        <input
          ref={field}
          id={SEARCH_FIELD_ID}
          type="text"
          role="combobox"
          aria-label={editing ? t("Change the filter") : t("Search and filter")}
          aria-autocomplete="list"
          aria-expanded={isListed}
          aria-controls={list}
          aria-activedescendant={(isListed && activeId) || undefined}
          placeholder={tokens.length > 0 ? "" : t("who, what, IP or /24, id, error text …")}
          value={text}
          onChange={(event) => bar.type(event.target.value)}
          onClick={() => bar.setBeneath("list")}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (bar.paste(event.clipboardData.getData("text"))) event.preventDefault();
          }}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          enterKeyHint="search"
          className="h-6 min-w-24 flex-1 bg-transparent text-xs outline-none placeholder:text-faint"
        />
        {tokens.length > 0 ? (
          <Button look="quiet" size="small" onClick={onClear}>
            {t("Clear all")}
          </Button>
        ) : (
          <kbd className="hidden rounded border border-line px-1 font-sans text-2xs text-faint md:block">
            /
          </kbd>
        )}
      </div>
      {beneath && (
        <div className="floating animate-rise absolute inset-x-0 z-40 mt-1 rounded-lg border border-line-strong bg-raised">
          <Suspense fallback={<p className="p-3 text-xs text-faint">{t("Loading…")}</p>}>
            {isListed ? (
              <Completions
                id={list}
                text={text}
                filter={bar.base}
                me={me}
                keys={keys}
                onActive={setActiveId}
                onPick={bar.pick}
              />
            ) : (
              <TimePanel
                filter={filter}
                onChange={onChange}
                onClose={() => {
                  bar.reset();
                  focusField();
                }}
              />
            )}
          </Suspense>
        </div>
      )}
    </search>
  );

  function onEscape(event: KeyboardEvent) {
    if (event.key !== "Escape" || (beneath === null && text === "")) return;
    event.preventDefault();
    bar.reset();
    focusField();
  }

  function onTokenKey(event: KeyboardEvent<HTMLElement>) {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      moveAmong(root.current, event.key === "ArrowLeft" ? -1 : 1);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      const index = [...event.currentTarget.children].findIndex((item) =>
        item.contains(document.activeElement),
      );
      const token = tokens[index];
      if (!token) return;
      event.preventDefault();
      focusField();
      bar.remove(token);
    }
  }
}

/** From token to token, and from the last one to the field. */
function moveAmong(root: HTMLElement | null, step: 1 | -1): void {
  const stops = [...(root?.querySelectorAll<HTMLElement>("[data-token], [role=combobox]") ?? [])];
  const here = stops.findIndex(
    (stop) => stop.parentElement?.contains(document.activeElement) && stop.matches("[data-token]"),
  );
  const at = here < 0 ? stops.length - 1 : here;
  stops[at + step]?.focus();
}
