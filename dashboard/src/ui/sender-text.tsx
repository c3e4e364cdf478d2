import { t } from "../texts/texts";
import { piecesOf } from "./visible-text";

interface SenderTextProps {
  text: string;
  /** Line breaks and runs of spaces are part of it: a message, not a name. */
  lines?: boolean;
  /** A sentence of the action catalogue: it reads from the left, also where the first name in it does not. */
  sentence?: boolean;
}

/**
 * A sender's text. It is isolated, so that it cannot change the order of the text beside it. Invisible characters in it
 * are drawn as tokens.
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
            title={t("An invisible character")}
            className="mx-px rounded-[3px] border border-warn/50 bg-warn-soft px-0.5 font-mono text-[0.85em] text-warn"
          >
            {piece.name}
          </span>
        ),
      )}
    </bdi>
  );
}
