/**
 * How the rules that Livetrail comes with read in the language of the page. The server has their titles and descriptions
 * in English. A rule that was changed, or is of the deployment's own, reads as it was written.
 */
import { textIn } from "./text-in";

export type RuleTexts = Readonly<Record<string, string>>;

let translation: RuleTexts = {};

/** From here on rules read like this. It is called before anything is shown. */
export function translateRules(texts: RuleTexts): void {
  translation = texts;
}

/** A title or a description. */
export const ruleText = (text: string): string => textIn(translation, text) ?? text;
