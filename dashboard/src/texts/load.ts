/** The translation of the page's language, which is loaded only where that is not English. */
import { tellBy } from "./actions";
import { LANGUAGE } from "./language";
import { type RuleTexts, translateRules } from "./rules";
import type { ActionTexts } from "./teller";
import { type Translation, translate } from "./texts";

interface Texts {
  default: Translation;
  actions: ActionTexts;
  rules: RuleTexts;
}

const FILES: Readonly<Record<string, () => Promise<Texts>>> = {
  da: () => import("./da"),
  de: () => import("./de"),
  es: () => import("./es"),
};

/** Null where the texts are there already. A translation that cannot be loaded leaves the page English. */
export function loadTexts(): Promise<void> | null {
  const load = FILES[LANGUAGE];
  document.documentElement.lang = LANGUAGE;
  if (!load) return null;
  return Promise.all([load(), import("./teller")]).then(
    ([{ default: texts, actions, rules }, { tellerOf }]) => {
      translate(texts);
      translateRules(rules);
      tellBy(tellerOf(actions));
    },
    () => {
      document.documentElement.lang = "en";
    },
  );
}
