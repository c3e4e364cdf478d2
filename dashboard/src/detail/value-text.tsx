import { useState } from "react";
import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";

/** As much as is drawn at once. The rest of a text is one click away. */
const MAX_SHOWN = 1_500;

/** A value's text, the beginning of it where it is long. */
export function ValueText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  if (whole || text.length <= MAX_SHOWN) return <SenderText text={text} lines />;
  return (
    <>
      <SenderText text={`${cut(text)}…`} lines />{" "}
      <button
        type="button"
        onClick={() => setWhole(true)}
        className="inline-flex min-h-6 items-center rounded font-sans text-accent underline"
      >
        {t("Show all {count} characters", { count: text.length })}
      </button>
    </>
  );
}

/** Not between the two halves of a character. */
const cut = (text: string): string => text.slice(0, MAX_SHOWN).replace(/[\ud800-\udbff]$/, "");
