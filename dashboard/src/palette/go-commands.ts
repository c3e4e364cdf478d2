/** Where the list of commands leads to: pages and views. */
import { LOG_PATH, logAddress, RULES_PATH } from "../paths";
import { NAVIGATION } from "../shell/pages";
import { BUILT_IN } from "../views/built-in";
import { openedQuery } from "../views/saved-query";
import { useSavedViews } from "../views/use-saved-views";
import type { Command } from "./command";

export type Go = (address: string) => void;

const ALSO: Record<string, string> = {
  Activity: "log list rows home",
  People: "users persons who",
  Networks: "addresses ip",
  Health: "server index retention keys",
};

export function pageCommands(go: Go): Command[] {
  const pages = NAVIGATION.flatMap((group) => group.pages).map(({ text, href }) => ({ text, href }));
  return [...pages, { text: "Rules of alerts", href: RULES_PATH }].map(
    ({ text, href }): Command => ({
      id: `page ${href}`,
      group: "Pages",
      words: text,
      also: `go page ${ALSO[text] ?? ""}`,
      act: { run: () => go(href) },
    }),
  );
}

/** The built-in views and the saved ones. A range of theirs ends when they are opened. */
export function useViewCommands(go: Go): Command[] {
  const saved = useSavedViews().data ?? [];
  const views = [
    ...BUILT_IN.map((view) => ({ ...view, id: view.name })),
    ...saved.map(({ id, name, query }) => ({ id, name, query })),
    { id: "", name: "The whole log", query: "" },
  ];
  return views.map(
    ({ id, name, query }): Command => ({
      id: `view ${id}`,
      group: "Views",
      words: name,
      also: "view",
      act: {
        run: () => go(query ? logAddress(openedQuery(query, Date.now() / 1_000)) : LOG_PATH),
      },
    }),
  );
}
