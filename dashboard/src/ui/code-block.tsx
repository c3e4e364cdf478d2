import { inSentence } from "../texts/in-sentence";
import { t } from "../texts/texts";
import { CopyButton } from "./copy-button";
import { ScrollRegion } from "./scroll-region";
import { SenderText } from "./sender-text";

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className="flex w-full items-start rounded-lg border border-line bg-canvas text-left">
      <ScrollRegion label={label} className="min-w-0 flex-1 overflow-x-auto rounded-lg py-3 pr-2 pl-3.5">
        <pre className="font-mono text-xs/5 text-ink">
          <SenderText text={code} lines />
        </pre>
      </ScrollRegion>
      <CopyButton text={code} label={t("Copy {what}", { what: inSentence(label) })} className="m-2" />
    </div>
  );
}
