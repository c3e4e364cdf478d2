import type da from "../da/table";
import type { Same } from "../same";

export default {
  "Show all {count} rows": "Alle {count} Zeilen zeigen",
  "Order of {table}": "Reihenfolge: {table}",
  "Largest first": "Größte zuerst",
  "Least first": "Kleinste zuerst",
  "Loading: {what}": "Wird geladen: {what}",
} satisfies Same<typeof da>;
