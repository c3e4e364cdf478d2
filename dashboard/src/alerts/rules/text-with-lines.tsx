import type { Ref } from "react";
import { t } from "../../texts/texts";
import { piecesOf } from "../../ui/visible-text";

const MIN_LINES = 14;

interface TextWithLinesProps {
  id: string;
  ref: Ref<HTMLTextAreaElement>;
  text: string;
  onChange: (text: string) => void;
  faultLines: ReadonlySet<number | null>;
  describedBy: string | undefined;
}

/** A text of several lines, as high as it is long, with the numbers of its lines. */
export function TextWithLines({ id, ref, text, onChange, faultLines, describedBy }: TextWithLinesProps) {
  const lines = text.split("\n");
  const shown = Math.max(lines.length, MIN_LINES);
  return (
    <>
      <div
        dir="ltr"
        className={`flex overflow-hidden rounded-lg border bg-canvas font-mono text-xs/5 focus-within:outline-2 focus-within:outline-accent ${faultLines.size > 0 ? "border-bad" : "border-line-strong"}`}
      >
        <div
          aria-hidden
          className="tabular shrink-0 border-r border-line py-2 text-right text-faint select-none"
        >
          {Array.from({ length: shown }, (_, line) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
              key={line}
              className={`px-2 ${faultLines.has(line + 1) ? "bg-bad-soft font-semibold text-bad" : ""}`}
            >
              {line < lines.length ? line + 1 : "\u00a0"}
            </div>
          ))}
        </div>
        <textarea
          id={id}
          ref={ref}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          rows={shown}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-invalid={faultLines.size > 0}
          aria-describedby={describedBy}
          className="min-w-0 flex-1 resize-none overflow-x-auto overflow-y-hidden bg-transparent px-2.5 py-2 text-ink outline-none"
        />
      </div>
      <Unseen lines={lines} />
    </>
  );
}

/** A field of text cannot draw invisible characters as tokens, so they are named beneath it. */
function Unseen({ lines }: { lines: readonly string[] }) {
  const found = lines.flatMap((line, index) =>
    piecesOf(line, true).flatMap((piece) =>
      typeof piece === "string"
        ? []
        : [t("{character} in line {line}", { character: piece.name, line: index + 1 })],
    ),
  );
  if (found.length === 0) return null;
  return (
    <p className="text-xs text-warn">
      {t("Invisible characters: {characters}", { characters: found.slice(0, 10).join(", ") })}
    </p>
  );
}
