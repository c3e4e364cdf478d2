import {
  Ban,
  ChevronRight,
  Copy,
  ListFilter,
  ListPlus,
  type LucideIcon,
  SquareArrowOutUpRight,
} from "lucide-react";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { fieldOf } from "../filters/fields";
import { hasToken, onlyToken, type Token, tokensOf, withToken } from "../filters/tokens";
import { useView } from "../filters/use-view";
import { t } from "../texts/texts";
import { copyText } from "../ui/copy-text";
import { SenderText } from "../ui/sender-text";
import type { Opened } from "./value-menus";
import { pageOf } from "./value-pages";
import type { FieldValue } from "./values-of";

interface ValueMenuProps {
  opened: Opened;
  onClose: () => void;
}

const EDGE = 8;

/** What can be done with a value. Of several values one is chosen first. */
export function ValueMenu({ opened, onClose }: ValueMenuProps) {
  const { values, x, y } = opened;
  const [chosen, setChosen] = useState<FieldValue | null>(values.length === 1 ? (values[0] ?? null) : null);
  const menu = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => setChosen(values.length === 1 ? (values[0] ?? null) : null), [values]);

  // Its size is known once it is drawn: it then moves to where it is wholly seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another level of the menu has another size
  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(EDGE, Math.min(x, window.innerWidth - width - EDGE))}px`;
    element.style.top = `${Math.max(EDGE, Math.min(y, window.innerHeight - height - EDGE))}px`;
    element.querySelector<HTMLElement>("[role=menuitem]")?.focus({ preventScroll: true });
  }, [x, y, chosen]);

  useEffect(() => {
    const onPointer = (event: PointerEvent) => {
      if (!menu.current?.contains(event.target as Node)) close.current();
    };
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, []);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const here = items.indexOf(document.activeElement as HTMLElement);
    const next = stepFrom(event.key, here, items.length);
    if (next !== null) items[next]?.focus();
    else if (event.key === "ArrowLeft" && chosen && values.length > 1) setChosen(null);
    else if (event.key === "ArrowRight" && !chosen) items[here]?.click();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (event.key === "Enter" || event.key === " ") return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={menu}
      role="menu"
      tabIndex={-1}
      aria-label={chosen ? `${t(fieldOf(chosen.field).name)} ${chosen.value}` : t("Values of this activity")}
      onKeyDown={onKeyDown}
      className="floating animate-rise fixed z-50 max-h-[80dvh] w-72 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-lg border border-line-strong bg-raised p-1"
    >
      {chosen ? (
        <Acts value={chosen} onClose={onClose} />
      ) : (
        values.map((value) => (
          <Item key={value.field} onPick={() => setChosen(value)}>
            <span className="w-24 shrink-0 truncate text-left text-faint">
              {t(fieldOf(value.field).name)}
            </span>
            <span className="min-w-0 flex-1 truncate text-left">
              <SenderText text={value.value} />
            </span>
            <ChevronRight aria-hidden className="size-3.5 text-faint" />
          </Item>
        ))
      )}
    </div>
  );
}

function stepFrom(key: string, here: number, count: number): number | null {
  if (key === "ArrowDown") return (here + 1) % count;
  if (key === "ArrowUp") return (here - 1 + count) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

function Acts({ value: { field, value }, onClose }: { value: FieldValue; onClose: () => void }) {
  const { view, filterBy } = useView();
  const [, navigate] = useLocation();
  const token = (not: boolean): Token => ({ field, not, values: [value] });
  const page = pageOf({ field, value });
  // Where nothing else of its kind is chosen, "also" would be "only".
  const isAmongOthers = tokensOf(view).some((other) => other.field === field && !other.not);
  const act = (doIt: () => void) => () => {
    onClose();
    doIt();
  };
  return (
    <>
      <p className="truncate px-2 py-1.5 text-2xs text-faint">
        {t(fieldOf(field).name)} <SenderText text={value} />
      </p>
      <Item icon={ListFilter} onPick={act(() => filterBy(onlyToken(token(false))))}>
        {t("Only this")}
      </Item>
      {isAmongOthers && !hasToken(view, token(false)) && (
        <Item icon={ListPlus} onPick={act(() => filterBy(withToken(view, token(false))))}>
          {t("Also this")}
        </Item>
      )}
      <Item icon={Ban} onPick={act(() => filterBy(withToken(view, token(true))))}>
        {t("Not this")}
      </Item>
      <Item icon={Copy} onPick={act(() => void copyText(value))}>
        {t("Copy")}
      </Item>
      {page && (
        <Item icon={SquareArrowOutUpRight} onPick={act(() => navigate(page))}>
          {t("Open its page")}
        </Item>
      )}
    </>
  );
}

interface ItemProps {
  icon?: LucideIcon;
  onPick: () => void;
  children: React.ReactNode;
}

function Item({ icon: Icon, onPick, children }: ItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      onClick={onPick}
      className="flex min-h-7 w-full items-center gap-2 rounded px-2 py-1 text-xs text-ink hover:bg-hover focus:bg-hover"
    >
      {Icon && <Icon aria-hidden className="size-3.5 text-faint" />}
      {children}
    </button>
  );
}
