/** The translation of the page's language, which is loaded only where that is not English. */
import { LANGUAGE } from "./language";
import { type Translation, translate } from "./texts";

const FILES: Readonly<Record<string, () => Promise<{ default: Translation }>>> = {
  da: () => import("./da"),
  de: () => import("./de"),
  es: () => import("./es"),
};

/** Null where the texts are there already. A translation that cannot be loaded leaves the page English. */
export function loadTexts(): Promise<void> | null {
  const load = FILES[LANGUAGE];
  document.documentElement.lang = LANGUAGE;
  if (!load) return null;
  return load().then(
    ({ default: texts }) => translate(texts),
    () => {
      document.documentElement.lang = "en";
    },
  );
}
