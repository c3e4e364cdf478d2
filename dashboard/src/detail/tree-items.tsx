import { plainValue, sizeText } from "@livetrail/sdk/display/plain-value";
import { type RestRow, STEP, type TreeRow } from "@livetrail/sdk/display/tree-rows";
import { ChevronRight, Route } from "lucide-react";
import { ExactNumber, writeJson } from "../api/json";
import { LOCALE } from "../texts/language";
import { t } from "../texts/texts";
import { CopyButton } from "../ui/copy-button";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { ValueText } from "./value-text";

const indent = (depth: number) => ({ paddingLeft: `${0.25 + Math.min(depth - 1, 12) * 0.875}rem` });

interface ItemProps<Of> {
  row: Of;
  isCurrent: boolean;
  onFocus: () => void;
}

export function TreeItem({
  row,
  isCurrent,
  onFocus,
  onToggle,
}: ItemProps<TreeRow> & { onToggle: () => void }) {
  const name = String(row.step);
  const copied = () => (typeof row.value === "string" ? row.value : writeJson(row.value));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter and the arrows are keys of the whole tree
    <div
      role="treeitem"
      data-path={row.path}
      tabIndex={isCurrent ? 0 : -1}
      aria-level={row.depth}
      aria-setsize={row.siblings}
      aria-posinset={row.position}
      aria-expanded={row.isOpen ?? undefined}
      aria-label={visibleText(`${name}: ${shortText(row)}`)}
      onFocus={onFocus}
      onClick={(event) => {
        const isForButton = (event.target as Element).closest("button") !== null;
        if (row.isOpen !== null && !isForButton && window.getSelection()?.isCollapsed !== false) onToggle();
      }}
      style={indent(row.depth)}
      className={`group flex min-h-6 items-start gap-1 pr-1 hover:bg-hover ${row.isOpen === null ? "" : "cursor-pointer"}`}
    >
      <ChevronRight
        aria-hidden
        className={`mt-1.5 size-3 shrink-0 text-faint transition-transform ${row.isOpen ? "rotate-90" : ""} ${row.isOpen === null ? "invisible" : ""}`}
      />
      <span className="min-w-0 flex-1 py-1 break-words whitespace-pre-wrap">
        <span className="text-accent">
          <SenderText text={name} />
        </span>
        <span className="text-faint">: </span>
        <Value row={row} />
      </span>
      {/* Away from the row's own text, which can be selected as a whole. */}
      <span className="flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-md:opacity-100">
        <CopyButton
          text={row.path}
          label={t("Copy path {path}", { path: visibleText(row.path) })}
          icon={Route}
          tabIndex={isCurrent ? 0 : -1}
        />
        <CopyButton
          text={copied}
          label={t("Copy value of {name}", { name: visibleText(name) })}
          tabIndex={isCurrent ? 0 : -1}
        />
      </span>
    </div>
  );
}

function Value({ row: { value, size, isOpen } }: { row: TreeRow }) {
  if (typeof value === "string") {
    return (
      <span className="text-good">
        <ValueText text={JSON.stringify(value)} />
      </span>
    );
  }
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) {
    return <span className="text-warn">{writeJson(value)}</span>;
  }
  return <span className={isOpen ? "text-faint" : "text-muted"}>{sizeText(value, size, LOCALE)}</span>;
}

/** What is read out for a row: without the buttons that stand in it. */
const shortText = ({ value, size }: TreeRow): string =>
  size > 0 ? sizeText(value, size, LOCALE) : plainValue(value).slice(0, 200);

export function RestItem({ row, isCurrent, onFocus, onMore }: ItemProps<RestRow> & { onMore: () => void }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter is a key of the whole tree
    <div
      role="treeitem"
      data-path={row.path}
      tabIndex={isCurrent ? 0 : -1}
      aria-level={row.depth}
      onFocus={onFocus}
      onClick={onMore}
      style={indent(row.depth)}
      className="flex min-h-6 cursor-pointer items-center gap-1 pr-1 font-sans text-accent hover:bg-hover hover:underline"
    >
      <span aria-hidden className="size-3" />
      {t("Show {count} more of {rest}", { count: Math.min(row.rest, STEP), rest: row.rest })}
    </div>
  );
}
