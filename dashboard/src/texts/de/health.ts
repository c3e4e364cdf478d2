import type da from "../da/health";
import type { Same } from "../same";

export default {
  Index: "Index",
  Retention: "Aufbewahrung",
  "Nothing arrived.": "Es kam nichts an.",
  "{count} ({rate} a second)": "{count} ({rate} pro Sekunde)",
  Newest: "Neueste",
  "Building: {indexed} of {of} activities": "Wird aufgebaut: {indexed} von {of} Aktivitäten",
  Ready: "Bereit",
  Files: "Dateien",
  Memory: "Arbeitsspeicher",
  Holds: "Sperren",
  "Last run": "Letzter Lauf",
  "None since the start": "Keiner seit dem Start",
} satisfies Same<typeof da>;
