import { treeStep } from "@livetrail/sdk/display/tree-keys";
import {
  isRest,
  parentOfRest,
  type RestRow,
  type Row,
  STEP,
  treeRows,
} from "@livetrail/sdk/display/tree-rows";
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { RestItem, TreeItem } from "./tree-items";

/**
 * A JSON value as a tree. It is one stop of the Tab key: the arrows move along its rows, and right and left open and
 * close them, as in every tree.
 */
export function ValueTree({ value, label }: { value: unknown; label: string }) {
  const [open, setOpen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [shown, setShown] = useState<ReadonlyMap<string, number>>(new Map());
  const [active, setActive] = useState<string | null>(null);
  const tree = useRef<HTMLDivElement>(null);
  const toFocus = useRef(false);
  const rows = treeRows(value, { open, shown });
  const current = rows.find((row) => row.path === active) ?? rows[0];

  const toggle = (path: string, isOpen: boolean) => setOpen((now) => new Map(now).set(path, isOpen));
  const showMore = (row: RestRow) => {
    const parent = parentOfRest(row);
    const more = new Map(shown).set(parent, (shown.get(parent) ?? STEP) + STEP);
    setShown(more);
    // The first of the new rows stands where this one stood.
    setActive(treeRows(value, { open, shown: more })[rows.indexOf(row)]?.path ?? null);
    toFocus.current = true;
  };
  const focus = (row: Row | undefined) => {
    if (!row) return;
    setActive(row.path);
    toFocus.current = true;
  };
  useLayoutEffect(() => {
    if (toFocus.current) tree.current?.querySelector<HTMLElement>("[role=treeitem][tabindex='0']")?.focus();
    toFocus.current = false;
  });

  const onKeyDown = (event: KeyboardEvent) => {
    // The buttons of a row have keys of their own.
    if (!(event.target as Element).matches("[role=treeitem]") || !current) return;
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const step = treeStep(event.key, rows, current);
    if (!step) return;
    event.preventDefault();
    if (step.kind === "go") focus(step.to);
    else if (step.kind === "more") showMore(step.row);
    else toggle(step.row.path, !step.row.isOpen);
  };

  return (
    <div
      ref={tree}
      role="tree"
      aria-label={label}
      onKeyDown={onKeyDown}
      className="overflow-hidden rounded-lg border border-line bg-canvas py-1 font-mono text-2xs"
    >
      {rows.map((row) =>
        isRest(row) ? (
          <RestItem
            key={row.path}
            row={row}
            isCurrent={row === current}
            onFocus={() => setActive(row.path)}
            onMore={() => showMore(row)}
          />
        ) : (
          <TreeItem
            key={row.path}
            row={row}
            isCurrent={row === current}
            onFocus={() => setActive(row.path)}
            onToggle={() => toggle(row.path, !row.isOpen)}
          />
        ),
      )}
    </div>
  );
}
