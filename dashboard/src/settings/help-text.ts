/**
 * What the server says of its settings, in the language of the page. The page of settings alone loads it. A text of
 * another version of the server stays English.
 */
import { LANGUAGE } from "../texts/language";
import { textIn } from "../texts/text-in";

type HelpTexts = Readonly<Record<string, string>>;

const FILES: Readonly<Record<string, () => Promise<{ default: HelpTexts }>>> = {
  da: () => import("./help/da"),
  de: () => import("./help/de"),
  es: () => import("./help/es"),
};

let translation: HelpTexts = {};

/** Resolves in any case: without its translation, a text stays English. */
export async function loadHelp(language: string = LANGUAGE): Promise<void> {
  const file = await FILES[language]?.().catch(() => null);
  translation = file?.default ?? {};
}

/** What a setting is for, or the note beside its value. */
export const helpText = (text: string): string => textIn(translation, text) ?? text;
