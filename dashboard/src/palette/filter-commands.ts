/** Filters of the log: a field by its name, then its values. The same as in the bar, from any page. */

import { useLocation } from "wouter";
import type { Option } from "../filters/completion";
import { type Field, fieldsOffered } from "../filters/fields";
import { shapeOf } from "../filters/shapes";
import { readTyped } from "../filters/token-text";
import { inOneText, shortWords } from "../filters/token-words";
import { type Token, withToken } from "../filters/tokens";
import { useCompletions } from "../filters/use-completions";
import { useTextSearch } from "../filters/use-text-search";
import { useView } from "../filters/use-view";
import { type Filter, filterQuery, NO_FILTER } from "../filters/view";
import { ACTIVITY_PATHS, logAddress } from "../paths";
import { type Text, t } from "../texts/texts";
import type { Command } from "./command";

const GROUP: Text = "Filter the log";

/** Adds a token to what the log shows; another page leads to the log with that token alone. */
function useFiltering(): { base: Filter; apply: (token: Token) => void; open: (id: string) => void } {
  const [path, navigate] = useLocation();
  const { view, filterBy, openActivity } = useView();
  const isLog = ACTIVITY_PATHS.some((address) => address === path);
  if (isLog) {
    return { base: view, apply: (token) => filterBy(withToken(view, token)), open: openActivity };
  }
  return {
    base: NO_FILTER,
    apply: (token) => navigate(logAddress(filterQuery({ ...NO_FILTER, ...withToken(NO_FILTER, token) }))),
    open: (id) => navigate(logAddress("", id)),
  };
}

const commandOf = ({ key, name, ...field }: Field): Command => ({
  id: `filter ${key}`,
  group: t(GROUP),
  words: `${t(name)} …`,
  also: t("filter by"),
  ...("hint" in field && field.hint && { note: t(field.hint) }),
  act: { type: `${t(name)}:` },
});

/** `values`: what completes a field that was typed; null where none was, and then `fields` and `search` count. */
export function useFilterCommands(text: string, me: string | null) {
  const { base, apply, open } = useFiltering();
  const textSearch = useTextSearch();
  const isTyped = readTyped(text) !== null;
  const options = useCompletions(isTyped ? text : "", base, me);
  const ofToken = (token: Token, id: string, note?: string): Command => {
    return {
      id,
      group: t(GROUP),
      words: inOneText(shortWords(token, me)),
      ...(note && { note }),
      isOfTheMoment: true,
      act: { run: () => apply(token) },
    };
  };
  const ofOption = ({ key, label, not, value, note, count, act }: Option): Command[] => {
    if ("dates" in act) return [];
    return [
      {
        id: `option ${key}`,
        group: t(GROUP),
        words: inOneText({ label, not, value }),
        ...(note && { note }),
        count,
        isOfTheMoment: true,
        act: "type" in act ? act : { run: () => ("apply" in act ? apply(act.apply) : open(act.open)) },
      },
    ];
  };
  const shape = shapeOf(text);
  return {
    values: isTyped ? options.flatMap(ofOption) : null,
    fields: fieldsOffered(textSearch).map(commandOf),
    search: [
      ...(shape && "certain" in shape ? [ofToken(shape.certain, "shape")] : []),
      ofToken(
        { field: "q", not: false, values: [text.trim()] },
        "search",
        t("in names, actions, addresses and ids"),
      ),
    ],
  };
}
