import { useLocation } from "wouter";
import type { Session } from "../api/types";
import { ACTIVITY_PATHS } from "../paths";
import { pageActions } from "../shell/page-actions";
import { openSheet } from "../shell/sheet";
import { t } from "../texts/texts";
import { copyText } from "../ui/copy-text";
import { type Command, found, offered } from "./command";
import { useFilterCommands } from "./filter-commands";
import { pageCommands, useViewCommands } from "./go-commands";
import { useLookCommands, useTableCommands } from "./look-commands";
import { recentCommands } from "./recent";
import { useFinds } from "./use-finds";

/** What can be done on every page. */
const ownCommands = (): Command[] => [
  {
    id: "copy link",
    group: t("This page"),
    words: t("Copy a link to this"),
    also: t("address url share"),
    act: { copy: () => copyText(window.location.href) },
  },
  {
    id: "keys",
    group: t("This page"),
    words: t("Keyboard shortcuts"),
    also: t("keys help"),
    keys: "?",
    act: { run: () => openSheet("keys") },
  },
];

/** What the text finds; without a text, everything that can be done here. */
export function useCommands(text: string, session: Session): Command[] {
  const [path, go] = useLocation();
  const isLog = ACTIVITY_PATHS.some((address) => address === path);
  const views = useViewCommands(go);
  const looks = useLookCommands();
  const table = useTableCommands();
  const recent = recentCommands.use();
  const { values, fields, search } = useFilterCommands(text, session.user_id);
  const finds = useFinds(values ? "" : text, go);
  if (values) return values;

  const actions = pageActions().map(
    ({ id, words, keys, run }): Command => ({
      id: `action ${id}`,
      group: t("This page"),
      words,
      ...(keys && { keys }),
      act: { run },
    }),
  );
  const all = [
    ...actions,
    ...ownCommands(),
    ...pageCommands(go),
    ...views,
    ...fields,
    ...(isLog ? table : []),
    ...looks,
  ];
  if (text.trim() === "") return offered(all, recent);
  const { best, others } = found(all, text, recent);
  return [...best, ...finds, ...others, ...search];
}
