/** The texts and formats of a feed, for all of its parts. */
import { createContext, useContext, useMemo } from "react";
import { type Formats, formatsOf } from "./formats.js";
import { type ActivityFeedLabels, LABELS } from "./labels.js";

export interface Words extends Formats {
  labels: ActivityFeedLabels;
}

export const WordsContext = createContext<Words>({ labels: LABELS, ...formatsOf(undefined) });

export const useWords = (): Words => useContext(WordsContext);

export function useWordsOf(
  labels: Partial<ActivityFeedLabels> | undefined,
  locale: string | undefined,
): Words {
  return useMemo(() => ({ labels: { ...LABELS, ...given(labels) }, ...formatsOf(locale) }), [labels, locale]);
}

/** A label that is undefined replaces nothing. */
const given = (labels: Partial<ActivityFeedLabels> = {}): Partial<ActivityFeedLabels> =>
  Object.fromEntries(Object.entries(labels).filter(([, label]) => label !== undefined));
