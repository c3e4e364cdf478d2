import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { Session } from "../api/types";
import { t } from "../texts/texts";
import { useModal } from "../ui/use-modal";
import type { Command } from "./command";
import { CommandList } from "./command-list";
import { remember } from "./recent";
import { useCommands } from "./use-commands";

/** Long enough to be seen. */
const COPIED_MS = 600;
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** Everything that can be done and found, by its name: a field, and the list of what it finds. */
export default function Palette({ session, onClose }: { session: Session; onClose: () => void }) {
  const dialog = useModal(onClose);
  const [text, setText] = useState("");
  const [moved, setMoved] = useState({ text, index: 0 });
  const [said, say] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  const commands = useCommands(text, session);
  const index = Math.min(moved.text === text ? moved.index : 0, commands.length - 1);
  const active = commands[index] ?? null;
  const idOf = (at: number) => `${list}-${at}`;

  useEffect(() => {
    document.getElementById(`${list}-${index}`)?.scrollIntoView?.({ block: "nearest" });
  }, [list, index]);

  const choose = async ({ id, act, isOfTheMoment }: Command) => {
    if (!isOfTheMoment) remember(id);
    if ("type" in act) {
      setText(act.type);
      field.current?.focus();
    } else if ("run" in act) {
      onClose();
      act.run();
    } else if (await act.copy()) {
      say(t("Copied"));
      setTimeout(onClose, COPIED_MS);
    } else say(t("Not copied: the browser does not allow it"));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = STEPS[event.key];
    if (step) {
      const last = commands.length - 1;
      const next = index + step;
      const isOver = Math.abs(step) === 1 && (next < 0 || next > last);
      setMoved({ text, index: isOver ? (next < 0 ? last : 0) : Math.max(0, Math.min(last, next)) });
    } else if (event.key === "Enter") {
      if (active) void choose(active);
    } else if (event.key === "Escape" && text !== "") setText("");
    else return;
    event.preventDefault();
  };

  return createPortal(
    <dialog
      {...dialog}
      aria-label={t("Commands")}
      className="floating animate-rise mx-auto mt-[12dvh] mb-auto w-[min(36rem,calc(100vw-1.5rem))] overflow-hidden rounded-xl border border-line-strong bg-raised text-sm text-ink"
    >
      <div className="flex h-11 items-center gap-2.5 border-b border-line px-3.5">
        <Search aria-hidden className="size-4 shrink-0 text-faint" />
        <input
          ref={field}
          autoFocus
          type="text"
          role="combobox"
          aria-label={t("Find a command")}
          aria-autocomplete="list"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={active ? idOf(index) : undefined}
          placeholder={t("Page, view, filter, person, session, resource, action …")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          className="h-9 min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
        <kbd className="rounded border border-line px-1 font-sans text-2xs text-faint">Esc</kbd>
      </div>
      <CommandList id={list} idOf={idOf} commands={commands} index={index} onChoose={choose} />
      <p role="status" className={said ? "border-t border-line px-3.5 py-2 text-xs text-muted" : "sr-only"}>
        {said}
      </p>
    </dialog>,
    document.body,
  );
}
