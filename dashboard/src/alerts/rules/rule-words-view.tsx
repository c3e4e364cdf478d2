import { t } from "../../texts/texts";
import { SenderText } from "../../ui/sender-text";
import { wordsOf } from "./rule-words";

/** What a rule looks for: a sentence, and the filter of the activities that it looks at. */
export function RuleWords({ definition }: { definition: string }) {
  const words = wordsOf(definition);
  if (!words) return null;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm wrap-anywhere text-ink">
        <SenderText text={words.sentence} />
      </p>
      {words.filter.length > 0 && (
        <ul aria-label={t("Only activities with")} className="flex flex-wrap gap-1.5">
          {words.filter.map(({ name, value }) => (
            <li key={name} className="rounded-md bg-hover px-2 py-1 text-xs wrap-anywhere">
              <span className="text-faint">{name} </span>
              <span className="text-ink">
                <SenderText text={value} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
