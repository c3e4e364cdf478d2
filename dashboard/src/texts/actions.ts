/** How activities and actions read in the language of the page. In English, they read as the server and the keys have it. */
import { delegateText } from "@livetrail/sdk/display/delegate-text";
import { type SentencePart, sentenceParts } from "@livetrail/sdk/display/sentence";
import type { Activity } from "../api/types";
import type { FieldKey } from "../filters/fields";

/** What another language has. Null or undefined: it has no words for this one. */
export interface Teller {
  partsOf: (activity: Activity) => readonly SentencePart[] | null;
  delegateOf: (activity: Activity) => string | null;
  titleOf: typeof titleOf;
  templateOf: typeof templateOf;
}

let teller: Teller | null = null;

/** From here on it tells what happened. It is called before anything is shown. */
export function tellBy(other: Teller | null): void {
  teller = other;
}

/** The activity in a sentence. */
export function sentenceOf(activity: Activity): string {
  const parts = teller?.partsOf(activity);
  return parts ? parts.map(({ text }) => text).join("") : activity.description;
}

/** The same in parts: its user, its target, and the words around them. */
export const partsOf = (activity: Activity): readonly SentencePart[] =>
  teller?.partsOf(activity) ?? sentenceParts(activity);

/** The party that acted in the user's name, as sentences name it. */
export const delegateOf = (activity: Activity): string | null =>
  teller ? teller.delegateOf(activity) : delegateText(activity);

/**
 * The title of an action or category, where the language has one. `said`: the title that the server has for it, which may
 * be a deployment's own; null where it is not known.
 */
export function titleOf(field: FieldKey, key: string, said: string | null = null): string | undefined {
  return teller?.titleOf(field, key, said);
}

/** The template of the catalogue's sentence, where the language has one. */
export function templateOf(sentence: string): string | undefined {
  return teller?.templateOf(sentence);
}
