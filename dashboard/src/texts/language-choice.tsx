import { Select } from "../ui/select";
import { chosenLanguage, isLanguage, LANGUAGES } from "./language";
import { t } from "./texts";

const AUTOMATIC = "automatic";

/** The language of this page, from its next load on: texts that are there already do not change under the reader. */
export function LanguageChoice({ onChosen }: { onChosen: () => void }) {
  const chosen = chosenLanguage.use();
  const choices = [
    { value: AUTOMATIC, text: t("As the browser") },
    ...Object.entries(LANGUAGES).map(([value, text]) => ({ value, text })),
  ];
  const choose = (value: string) => {
    chosenLanguage.set(isLanguage(value) ? value : null);
    onChosen();
  };
  return <Select label={t("Language")} value={chosen ?? AUTOMATIC} choices={choices} onChange={choose} />;
}
