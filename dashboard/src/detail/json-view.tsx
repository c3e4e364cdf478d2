import { writeJson } from "../api/json";
import { ScrollRegion } from "../ui/scroll-region";
import { SenderText } from "../ui/sender-text";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Pretty-printed JSON with quiet colours. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const text = writeJson(value);
  const parts: React.ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, match.index));
    const [all, string, colon] = match;
    const tone = string ? (colon ? "text-accent" : "text-good") : "text-warn";
    parts.push(
      <span key={match.index} className={tone}>
        {string ? <SenderText text={string} lines /> : all}
      </span>,
      colon ?? "",
    );
    end = match.index + all.length;
  }
  parts.push(text.slice(end));
  return (
    <ScrollRegion
      label={label}
      className="max-h-80 overflow-auto rounded-lg border border-line bg-canvas p-3"
    >
      <pre className="font-mono text-2xs/relaxed break-words whitespace-pre-wrap text-muted">{parts}</pre>
    </ScrollRegion>
  );
}
