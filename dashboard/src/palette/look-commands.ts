/** How this browser shows the log: the table's columns and rows, times and colours. */
import { optionalHeader } from "../activity/columns";
import { chosenColumns, density, endless, folding, OPTIONAL_COLUMNS } from "../activity/table-choices";
import { chooseTimes, TIME_STYLES, type TimeStyle } from "../times/times";
import { useTheme } from "../ui/theme";
import type { Command } from "./command";

const TIMES: Record<TimeStyle, string> = {
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
        group: "Look",
        words: TIMES[style],
        also: "zone clock local relative",
        keys: "u",
        act: { run: () => chooseTimes(style) },
      }),
    ),
    {
      id: "theme",
      group: "Look",
      words: theme === "dark" ? "Switch to light" : "Switch to dark",
      also: "theme colours mode",
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
    group: "Look",
    words,
    also,
    act: { run },
  });
  return [
    ...OPTIONAL_COLUMNS.map((column) =>
      chosen.includes(column)
        ? command(`column ${column}`, `Hide the column ${optionalHeader(column)}`, "show columns", () =>
            chosenColumns.set(chosen.filter((other) => other !== column)),
          )
        : command(`column ${column}`, `Show the column ${optionalHeader(column)}`, "hide columns", () =>
            chosenColumns.set([...chosen, column]),
          ),
    ),
    command("density", rows === "compact" ? "Comfortable rows" : "Compact rows", "density height", () =>
      density.set(rows === "compact" ? "comfortable" : "compact"),
    ),
    command("folding", folds ? "Show every row" : "Fold rows that say the same", "fold unfold runs", () =>
      folding.set(!folds),
    ),
    command("endless", goesOn ? "Read the list in pages" : "Read the list without pages", "endless", () =>
      endless.set(!goesOn),
    ),
  ];
}
