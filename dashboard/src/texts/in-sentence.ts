import { LANGUAGE, LOCALE } from "./language";

/** A label as it stands within a sentence: "User id" becomes "user id". Abbreviations and German nouns keep their capitals. */
export const inSentence = (label: string): string =>
  LANGUAGE === "de"
    ? label
    : label.replace(/^\p{Lu}(?!\p{Lu})/u, (capital) => capital.toLocaleLowerCase(LOCALE));
