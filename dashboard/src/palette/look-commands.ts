/** How this browser shows the log: the table's columns and rows, times and colours. */

import { optionalHeader } from "../activity/columns";
import { chosenColumns, density, endless, folding, OPTIONAL_COLUMNS } from "../activity/table-choices";
import { type Text, t } from "../texts/texts";
import { chooseTimes, TIME_STYLES, type TimeStyle } from "../times/times";
import { useTheme } from "../ui/theme";
import type { Command } from "./command";

const TIMES: Record<TimeStyle, Text> = {
  local: "Times in your time zone",
  utc: "Times in UTC",
  relative: "Times as how long ago",
};

/** For every page. */
export function useLookCommands(): Command[] {
  const [theme, toggleTheme] = useTheme();
  return [
    ...TIME_STYLES.map(
      (style): Command => ({
        id: `times ${style}`,
        group: t("Look"),
        words: t(TIMES[style]),
        also: t("zone clock local relative"),
        keys: "u",
        act: { run: () => chooseTimes(style) },
      }),
    ),
    {
      id: "theme",
      group: t("Look"),
      words: theme === "dark" ? t("Switch to light") : t("Switch to dark"),
      also: t("theme colours mode"),
      act: { run: toggleTheme },
    },
  ];
}

/** For pages with the table of activities. */
export function useTableCommands(): Command[] {
  const chosen = chosenColumns.use();
  const rows = density.use();
  const folds = folding.use();
  const goesOn = endless.use();
  const command = (id: string, words: string, also: string, run: () => void): Command => ({
    id,
    group: t("Look"),
    words,
    also,
    act: { run },
  });
  return [
    ...OPTIONAL_COLUMNS.map((column) =>
      chosen.includes(column)
        ? command(
            `column ${column}`,
            t("Hide the column {column}", { column: optionalHeader(column) }),
            t("show columns"),
            () => chosenColumns.set(chosen.filter((other) => other !== column)),
          )
        : command(
            `column ${column}`,
            t("Show the column {column}", { column: optionalHeader(column) }),
            t("hide columns"),
            () => chosenColumns.set([...chosen, column]),
          ),
    ),
    command(
      "density",
      rows === "compact" ? t("Comfortable rows") : t("Compact rows"),
      t("density height"),
      () => density.set(rows === "compact" ? "comfortable" : "compact"),
    ),
    command(
      "folding",
      folds ? t("Show every row") : t("Fold rows that say the same"),
      t("fold unfold runs"),
      () => folding.set(!folds),
    ),
    command(
      "endless",
      goesOn ? t("Read the list in pages") : t("Read the list without pages"),
      t("endless"),
      () => endless.set(!goesOn),
    ),
  ];
}
