import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";

interface NamedProps {
  name: string;
  subtitle?: string | null;
  mono?: boolean;
  /** The name is a sentence of the action catalogue. */
  sentence?: boolean;
}

/** The first cell of a row: what the row is about. */
export function Named({ name, subtitle = null, mono = false, sentence = false }: NamedProps) {
  return (
    <span className="flex min-w-0 items-baseline gap-2" title={visibleText(name)}>
      <span className={`truncate text-ink ${mono ? "font-mono text-xs" : "font-medium"}`}>
        <SenderText text={name} sentence={sentence} />
      </span>
      {subtitle && (
        <span className="shrink-[99] truncate text-2xs text-faint">
          <SenderText text={subtitle} />
        </span>
      )}
    </span>
  );
}
