import { useCallback, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { rowOf } from "../activity/row-list";
import type { Activity } from "../api/types";
import type { FieldKey } from "../filters/fields";
import { ErrorBoundary } from "../states/error-boundary";
import { t } from "../texts/texts";
import { areKeysOn } from "../ui/keys";
import { ValueMenu } from "./value-menu";
import { type FieldValue, valuesOf } from "./values-of";

/** What a menu is open for, and where. */
export interface Opened {
  /** One value, or those of a row, of which one is chosen first. */
  values: readonly FieldValue[];
  x: number;
  y: number;
  /** What gets the focus back. */
  from: HTMLElement | null;
}

/**
 * The menus of all values on the page. It listens in one place, so that a row needs no handler for each of its values:
 * a right click on a value, its button, and `m` or the menu key on a row.
 */
export default function ValueMenus({ rows }: { rows: readonly Activity[] }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const latest = useRef(rows);
  latest.current = rows;

  useEffect(() => {
    const openAt = (values: readonly FieldValue[], x: number, y: number, from: Element | null) => {
      if (values.length > 0) setOpened({ values, x, y, from: from instanceof HTMLElement ? from : null });
      return values.length > 0;
    };
    const under = ({ left, bottom }: DOMRect): [number, number] => [left, bottom + 2];

    const onContextMenu = (event: MouseEvent) => {
      const value = valueAt(event.target);
      // A selected text has the browser's own menu, which copies it.
      if (!value || event.shiftKey || window.getSelection()?.isCollapsed === false) return;
      if (openAt([value], event.clientX, event.clientY, document.activeElement)) event.preventDefault();
    };
    const onClick = (event: MouseEvent) => {
      const button = event.target instanceof Element ? event.target.closest("[data-value-button]") : null;
      const value = valueAt(button);
      if (!button || !value) return;
      event.preventDefault();
      openAt([value], ...under(button.getBoundingClientRect()), button);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const { activeElement } = document;
      const isMenuKey = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
      const isLetter = event.key === "m" && areKeysOn() && !event.metaKey && !event.ctrlKey && !event.altKey;
      if (event.defaultPrevented || !activeElement || !(isMenuKey || isLetter)) return;
      const row = rowOf(activeElement);
      const activity = latest.current.find(({ id }) => id === row?.dataset.activity);
      if (!row || !activity || activeElement.matches("input, textarea, select")) return;
      if (openAt(valuesOf(activity), ...under(activeElement.getBoundingClientRect()), activeElement)) {
        event.preventDefault();
      }
    };
    document.addEventListener("contextmenu", onContextMenu);
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("contextmenu", onContextMenu);
      document.removeEventListener("click", onClick);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);

  const close = useCallback(() => {
    setOpened((now) => {
      now?.from?.focus({ preventScroll: true });
      return null;
    });
  }, []);

  if (!opened) return null;
  return createPortal(
    <ErrorBoundary what={t("The menu")} place="corner" drawn={opened}>
      <ValueMenu opened={opened} onClose={close} />
    </ErrorBoundary>,
    // What is beside a modal drawer cannot be used, so the menu is put into it.
    document.querySelector("dialog[open]:modal") ?? document.body,
  );
}

function valueAt(target: EventTarget | null): FieldValue | null {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-value-field]") : null;
  const { valueField, value } = element?.dataset ?? {};
  return valueField && value ? { field: valueField as FieldKey, value } : null;
}
