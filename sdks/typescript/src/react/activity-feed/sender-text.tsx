import { piecesOf } from "../../display/visible-text.js";
import { useWords } from "./words.js";

interface SenderTextProps {
  text: string;
  /** Line breaks and runs of spaces are part of it: a message, not a name. */
  lines?: boolean;
  /** A sentence: it reads from the left, also where the first name in it does not. */
  sentence?: boolean;
}

/** A sender's text: isolated from the text beside it, with invisible characters drawn as tokens. */
export function SenderText({ text, lines = false, sentence = false }: SenderTextProps) {
  const { labels } = useWords();
  return (
    <bdi dir={sentence ? "ltr" : undefined}>
      {piecesOf(text, lines).map((piece) =>
        typeof piece === "string" ? (
          piece
        ) : (
          <span key={piece.at} title={labels.invisible} className="livetrail-invisible">
            {piece.name}
          </span>
        ),
      )}
    </bdi>
  );
}
