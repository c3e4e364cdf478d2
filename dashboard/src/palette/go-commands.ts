/** Where the list of commands leads to: pages and views. */

import { LOG_PATH, logAddress, RULES_PATH } from "../paths";
import { NAVIGATION } from "../shell/pages";
import { type Text, t } from "../texts/texts";
import { BUILT_IN } from "../views/built-in";
import { openedQuery } from "../views/saved-query";
import { useSavedViews } from "../views/use-saved-views";
import type { Command } from "./command";

export type Go = (address: string) => void;

/** Other words that a page is looked for by. */
const ALSO: Readonly<Record<string, Text>> = {
  Activity: "log list rows home",
  People: "users persons who",
  Networks: "addresses ip",
  Resources: "objects documents things",
  Health: "server index retention keys",
};

export function pageCommands(go: Go): Command[] {
  const pages = NAVIGATION.flatMap((group) => group.pages).map(({ text, href }) => ({ text, href }));
  const rules: (typeof pages)[number] = { text: "Rules of alerts", href: RULES_PATH };
  return [...pages, rules].map(({ text, href }): Command => {
    const also = ALSO[text];
    return {
      id: `page ${href}`,
      group: t("Pages"),
      words: t(text),
      also: `${t("go page")} ${also ? t(also) : ""}`,
      act: { run: () => go(href) },
    };
  });
}

/** The built-in views and the saved ones. A range of theirs ends when they are opened. */
export function useViewCommands(go: Go): Command[] {
  const saved = useSavedViews().data ?? [];
  const views = [
    ...BUILT_IN.map(({ name, query }) => ({ id: name as string, name: t(name), query })),
    ...saved.map(({ id, name, query }) => ({ id, name, query })),
    { id: "", name: t("The whole log"), query: "" },
  ];
  return views.map(
    ({ id, name, query }): Command => ({
      id: `view ${id}`,
      group: t("Views"),
      words: name,
      also: t("view"),
      act: {
        run: () => go(query ? logAddress(openedQuery(query, Date.now() / 1_000)) : LOG_PATH),
      },
    }),
  );
}
