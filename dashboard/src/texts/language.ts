/** The language of the page: the reader's choice, or else the first of the browser's languages that the page speaks. */
import { stored } from "../ui/stored";

/** Each by its own name, as a reader looks for it. */
export const LANGUAGES = { en: "English", da: "Dansk", de: "Deutsch", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;

export const isLanguage = (json: unknown): json is Language =>
  typeof json === "string" && Object.hasOwn(LANGUAGES, json);
const baseOf = (tag: string): string => tag.split("-", 1)[0]?.toLowerCase() ?? "";

/** Null: what the browser asks for. It is the language of the page from its next load on. */
export const chosenLanguage = stored("livetrail.language", (json): Language | null =>
  isLanguage(json) ? json : null,
);

/** Of the tags that a browser sends, the first that the page speaks. */
export const preferredLanguage = (tags: readonly string[]): Language =>
  tags.map(baseOf).find(isLanguage) ?? "en";

export const LANGUAGE: Language = chosenLanguage.get() ?? preferredLanguage(navigator.languages);

/** For dates and numbers: the reader's own variant of the language, such as `en-GB`, where the browser names one. */
export const LOCALE: string = navigator.languages.find((tag) => baseOf(tag) === LANGUAGE) ?? LANGUAGE;
