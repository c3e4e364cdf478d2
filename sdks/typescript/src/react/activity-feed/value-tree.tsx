import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { ExactNumber, writeJson } from "../../display/exact-number.js";
import { plainValue, sizeText } from "../../display/plain-value.js";
import { treeStep } from "../../display/tree-keys.js";
import {
  isRest,
  parentOfRest,
  type RestRow,
  type Row,
  STEP,
  type TreeRow,
  treeRows,
} from "../../display/tree-rows.js";
import { visibleText } from "../../display/visible-text.js";
import { SenderText } from "./sender-text.js";
import { useWords } from "./words.js";

/** Deeper rows are indented no further. */
const MAX_DEPTH = 8;

/** A JSON value as a tree. It is one stop of the Tab key: the arrows move along its rows, and open and close them. */
export function ValueTree({ value, label }: { value: unknown; label: string }) {
  const [open, setOpen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [shown, setShown] = useState<ReadonlyMap<string, number>>(new Map());
  const [active, setActive] = useState<string | null>(null);
  const tree = useRef<HTMLDivElement>(null);
  const toFocus = useRef(false);
  const rows = treeRows(value, { open, shown });
  const current = rows.find((row) => row.path === active) ?? rows[0];

  const toggle = (path: string, isOpen: boolean) => setOpen((now) => new Map(now).set(path, isOpen));
  const focus = (row: Row | undefined) => {
    if (!row) return;
    setActive(row.path);
    toFocus.current = true;
  };
  const showMore = (row: RestRow) => {
    const parent = parentOfRest(row);
    const more = new Map(shown).set(parent, (shown.get(parent) ?? STEP) + STEP);
    setShown(more);
    // The first of the new rows stands where this one stood.
    focus(treeRows(value, { open, shown: more })[rows.indexOf(row)]);
  };
  useLayoutEffect(() => {
    if (toFocus.current) tree.current?.querySelector<HTMLElement>("[role=treeitem][tabindex='0']")?.focus();
    toFocus.current = false;
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (!current || event.metaKey || event.ctrlKey || event.altKey) return;
    const step = treeStep(event.key, rows, current);
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    if (step.kind === "go") focus(step.to);
    else if (step.kind === "more") showMore(step.row);
    else toggle(step.row.path, !step.row.isOpen);
  };

  return (
    <div ref={tree} role="tree" aria-label={label} onKeyDown={onKeyDown} className="livetrail-tree">
      {rows.map((row) => (
        <TreeItem
          key={row.path}
          row={row}
          isCurrent={row === current}
          onFocus={() => setActive(row.path)}
          onClick={() => (isRest(row) ? showMore(row) : toggle(row.path, !row.isOpen))}
        />
      ))}
    </div>
  );
}

interface TreeItemProps {
  row: Row;
  isCurrent: boolean;
  onFocus: () => void;
  onClick: () => void;
}

function TreeItem({ row, isCurrent, onFocus, onClick }: TreeItemProps) {
  const { labels } = useWords();
  const isLeaf = !isRest(row) && row.isOpen === null;
  const position = isRest(row)
    ? {}
    : {
        "aria-setsize": row.siblings,
        "aria-posinset": row.position,
        "aria-expanded": row.isOpen ?? undefined,
      };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter and the arrows are keys of the whole tree
    <div
      role="treeitem"
      className="livetrail-tree-item"
      data-depth={Math.min(row.depth, MAX_DEPTH)}
      tabIndex={isCurrent ? 0 : -1}
      aria-level={row.depth}
      aria-label={isRest(row) ? undefined : visibleText(`${row.step}: ${shortText(row)}`)}
      onFocus={onFocus}
      onClick={() => {
        if (!isLeaf && window.getSelection()?.isCollapsed !== false) onClick();
      }}
      {...position}
    >
      {isRest(row) ? labels.showMore(Math.min(row.rest, STEP), row.rest) : <Node row={row} />}
    </div>
  );
}

function Node({ row: { step, value, size, isOpen } }: { row: TreeRow }) {
  const isText = typeof value === "string";
  const isPlain = typeof value !== "object" || value === null || value instanceof ExactNumber;
  return (
    <>
      <span className="livetrail-tree-key">
        <SenderText text={String(step)} />
      </span>
      {": "}
      {isText && <SenderText text={JSON.stringify(value)} lines />}
      {!isText && isPlain && writeJson(value)}
      {!isPlain && !isOpen && sizeText(value, size)}
    </>
  );
}

/** What is read out for a row. */
const shortText = ({ value, size }: TreeRow): string =>
  size > 0 ? sizeText(value, size) : plainValue(value).slice(0, 200);
