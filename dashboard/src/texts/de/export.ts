import type da from "../da/export";
import type { Same } from "../same";

export default {
  "All columns": "Alle Spalten",
  "Chosen columns": "Gewählte Spalten",
  "Choose one column at least.": "Wählen Sie mindestens eine Spalte.",
  "CSV, for spreadsheets": "CSV, für Tabellen",
  "NDJSON, for programs": "NDJSON, für Programme",
  Export: "Export",
  "Export|do": "Exportieren",
  "All rows": "Alle Zeilen",
  ", about {size}": ", etwa {size}",
  Format: "Format",
  "For Excel": "Für Excel",
  "The file begins with a byte order mark, by which Excel knows its encoding.":
    "Die Datei beginnt mit einer Byte-Reihenfolge-Markierung (BOM), an der Excel die Kodierung erkennt.",
  "Download with the browser": "Mit dem Browser herunterladen",
  Download: "Herunterladen",
  "On the command line": "Auf der Kommandozeile",
  "Command to export": "Befehl zum Exportieren",
  "It takes an API key from LIVETRAIL_KEY.": "Er liest einen API-Schlüssel aus LIVETRAIL_KEY.",
  "{rows}: what matches the filters, all pages, in the order of the list. Times are in UTC.":
    "{rows}: alles, worauf die Filter zutreffen, alle Seiten, in der Reihenfolge der Liste. Zeiten sind in UTC.",
  "{rows}: the whole log, all pages, in the order of the list. Times are in UTC.":
    "{rows}: das ganze Protokoll, alle Seiten, in der Reihenfolge der Liste. Zeiten sind in UTC.",
  "Export…": "Exportieren…",
  "Nothing to export yet: the log is being read": "Noch nichts zu exportieren: Das Protokoll wird gelesen",
  "Nothing to export: no activity matches": "Nichts zu exportieren: keine Aktivität passt",
  "Cancelled. No file was saved.": "Abgebrochen. Es wurde keine Datei gespeichert.",
  "{saved} {rows} rows, {size}: {name}": "{saved}: {rows} Zeilen, {size}: {name}",
  "{rows} rows, {size}": "{rows} Zeilen, {size}",
  "{rows} of {total} rows, {size}": "{rows} von {total} Zeilen, {size}",
  "The export broke off, and no file was saved.": "Der Export brach ab, es wurde keine Datei gespeichert.",
  "{size} bytes": "{size} Byte",
} satisfies Same<typeof da>;
