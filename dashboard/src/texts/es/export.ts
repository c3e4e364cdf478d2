import type da from "../da/export";
import type { Same } from "../same";

export default {
  "All columns": "Todas las columnas",
  "Chosen columns": "Columnas elegidas",
  "Choose one column at least.": "Elija al menos una columna.",
  "CSV, for spreadsheets": "CSV, para hojas de cálculo",
  "NDJSON, for programs": "NDJSON, para programas",
  Export: "Exportación",
  "Export|do": "Exportar",
  "All rows": "Todas las filas",
  ", about {size}": ", unos {size}",
  Format: "Formato",
  "For Excel": "Para Excel",
  "The file begins with a byte order mark, by which Excel knows its encoding.":
    "El archivo comienza con una marca de orden de bytes (BOM), por la que Excel reconoce su codificación.",
  "Download with the browser": "Descargar con el navegador",
  Download: "Descargar",
  "On the command line": "En la línea de comandos",
  "Command to export": "Comando para exportar",
  "It takes an API key from LIVETRAIL_KEY.": "Toma una clave de API de LIVETRAIL_KEY.",
  "{rows}: what matches the filters, all pages, in the order of the list. Times are in UTC.":
    "{rows}: lo que cumple los filtros, todas las páginas, en el orden de la lista. Las horas están en UTC.",
  "{rows}: the whole log, all pages, in the order of the list. Times are in UTC.":
    "{rows}: todo el registro, todas las páginas, en el orden de la lista. Las horas están en UTC.",
  "Export…": "Exportar…",
  "Nothing to export yet: the log is being read": "Aún no hay nada que exportar: se está leyendo el registro",
  "Nothing to export: no activity matches": "Nada que exportar: ninguna actividad coincide",
  "Cancelled. No file was saved.": "Cancelado. No se guardó ningún archivo.",
  "{saved} {rows} rows, {size}: {name}": "{saved}: {rows} filas, {size}: {name}",
  "{rows} rows, {size}": "{rows} filas, {size}",
  "{rows} of {total} rows, {size}": "{rows} de {total} filas, {size}",
  "The export broke off, and no file was saved.":
    "La exportación se interrumpió y no se guardó ningún archivo.",
  "{size} bytes": "{size} bytes",
} satisfies Same<typeof da>;
