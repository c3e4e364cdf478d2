/** What of the list is exported, and in which form. */

import type { Activity } from "../api/types";
import { type ExportFormat, exportQuery, type View } from "../filters/view";
import { LOCALE } from "../texts/language";
import { t } from "../texts/texts";
import { formatNumber } from "../ui/format";
import { COLUMNS, type ColumnName } from "./columns";

export interface ExportWish {
  format: ExportFormat;
  /** Null for all of them. */
  columns: readonly ColumnName[] | null;
  /** A byte order mark, by which Excel knows the encoding of CSV. */
  forExcel: boolean;
}

/** The parameters of the call. */
export function wishQuery(view: View, { format, columns, forExcel }: ExportWish): URLSearchParams {
  const query = exportQuery(view, format);
  if (columns) query.set("columns", columns.join(","));
  if (forExcel && format === "csv") query.set("bom", "true");
  return query;
}

/** Text in which a shell sees no sign of its own. */
const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const OPTIONS: Record<string, string> = {
  format: "--format",
  columns: "--columns",
  sort_by: "--sort-by",
  sort_order: "--sort-order",
};
const DEFAULTS: Record<string, string> = { format: "csv", sort_by: "timestamp", sort_order: "desc" };

/** The same export on the command line. */
export function commandOf(query: URLSearchParams, origin: string): string {
  const parts = ["livetrail export", `--url ${quoted(origin)}`];
  for (const [name, value] of query) {
    const option = OPTIONS[name];
    if (DEFAULTS[name] === value) continue;
    if (name === "bom") parts.push("--bom");
    else if (option) parts.push(`${option} ${quoted(value)}`);
    else parts.push(`--filter ${quoted(`${name}=${value}`)}`);
  }
  return [...parts, `--output activities.${query.get("format") ?? "csv"}`].join(" \\\n  ");
}

/** How many bytes the file will have, about: those of the rows that are at hand tell those of the others. */
export function estimatedBytes(rows: readonly Activity[], total: number, wish: ExportWish): number | null {
  if (rows.length === 0) return null;
  const names: readonly ColumnName[] = wish.columns ?? COLUMNS;
  const ofRow = (row: Activity) => {
    const values = row as unknown as Record<string, unknown>;
    const cells = names.map((name) => lengthOf(values[name]));
    const around = wish.format === "csv" ? names.map(() => 1) : names.map((name) => name.length + 4);
    return [...cells, ...around].reduce((sum, bytes) => sum + bytes, 2);
  };
  return Math.round((rows.reduce((sum, row) => sum + ofRow(row), 0) / rows.length) * total);
}

const lengthOf = (value: unknown): number =>
  value === null || value === undefined
    ? 0
    : typeof value === "string"
      ? value.length
      : JSON.stringify(value).length;

const UNITS = ["kB", "MB", "GB", "TB"];
const oneDigit = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** "12 kB", "3.4 MB". */
export function formatBytes(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length);
  if (step === 0) return t("{size} bytes", { size: Math.round(bytes) });
  const value = bytes / 1_000 ** step;
  return `${value < 10 ? oneDigit.format(value) : formatNumber(Math.round(value))} ${UNITS[step - 1]}`;
}
