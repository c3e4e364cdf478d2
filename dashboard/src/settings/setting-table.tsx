import type { Setting } from "../api/types";
import type { Column } from "../table/columns";
import { QueryTable } from "../table/query-table";
import { known } from "../texts/known";
import { type Text, t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { helpText } from "./help-text";

const SOURCES: Record<Setting["source"], Text> = {
  command_line: "flag or environment",
  file: "file",
  default: "default",
};

/** What is set stands before what has its default. */
const RANK: Record<Setting["source"], number> = { command_line: 0, file: 1, default: 2 };

const columns = (): readonly Column<Setting>[] => [
  {
    name: "setting",
    header: t("Setting"),
    className: "w-64",
    ascending: true,
    cell: ({ key, environment }) => (
      <code className="font-mono text-xs" title={environment}>
        {key}
      </code>
    ),
    sortBy: ({ key }) => key,
  },
  {
    name: "value",
    header: t("Value"),
    className: "w-72",
    cell: (setting) => <SettingValue setting={setting} />,
  },
  {
    name: "source",
    header: t("Set by"),
    className: "w-40",
    ascending: true,
    cell: ({ source }) => (
      <span className={source === "default" ? "text-faint" : "font-medium"}>{known(SOURCES, source)}</span>
    ),
    sortBy: ({ source }) => RANK[source],
  },
  {
    name: "help",
    header: t("What it is for"),
    className: "hidden @5xl:table-cell",
    wideOnly: true,
    cell: ({ help }) => (
      <span className="block py-1.5 text-xs whitespace-normal text-muted">{helpText(help)}</span>
    ),
  },
];

/** The settings of the server, by their names in its file. */
export const SettingTable = ({ settings }: { settings: readonly Setting[] }) => (
  <QueryTable
    label={t("Settings in force")}
    columns={columns()}
    query={{ data: settings, error: null, refetch: () => undefined }}
    keyOf={({ key }) => key}
    nothing={t("The server tells no settings.")}
    sortedBy="source"
    parameter="sort_settings"
  />
);

/** A list without values, in TOML. */
const EMPTY = "[]";

const SettingValue = ({ setting: { value, note } }: { setting: Setting }) => (
  <span
    // A value is one line, however long it is. A note in its place is a sentence.
    className={`block ${value === null ? "py-1 whitespace-normal" : "truncate"}`}
    title={visibleText(value ?? helpText(note ?? ""))}
  >
    {value === EMPTY && <span className="text-xs text-faint">{t("none")}</span>}
    {value !== null && value !== EMPTY && (
      <code className="font-mono text-xs">
        <SenderText text={value} />
      </code>
    )}
    {note !== null && (
      <span className={`text-xs text-faint ${value === null ? "" : "pl-2"}`}>
        <SenderText text={helpText(note)} />
      </span>
    )}
  </span>
);
