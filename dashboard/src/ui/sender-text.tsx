import { piecesOf } from "./visible-text";

interface SenderTextProps {
  text: string;
  /** Line breaks and runs of spaces are part of it: a message, not a name. */
  lines?: boolean;
  /** A sentence of the action catalogue with names in it: it reads from the left, whatever letters the first name has. */
  sentence?: boolean;
}

/**
 * Whatever a sender wrote is shown by this: isolated, so that it cannot turn the order of what stands beside it, and with
 * invisible characters drawn as tokens.
 */
export function SenderText({ text, lines = false, sentence = false }: SenderTextProps) {
  return (
    <bdi dir={sentence ? "ltr" : undefined}>
      {piecesOf(text, lines).map((piece) =>
        typeof piece === "string" ? (
          piece
        ) : (
          <span
            key={piece.at}
            title="An invisible character"
            className="mx-px rounded-[3px] border border-warn/50 bg-warn-soft px-0.5 font-mono text-[0.85em] text-warn"
          >
            {piece.name}
          </span>
        ),
      )}
    </bdi>
  );
}
