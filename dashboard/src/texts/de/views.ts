import type da from "../da/views";
import type { Same } from "../same";

export default {
  "Failed sign-ins": "Anmeldefehler",
  Errors: "Fehler",
  Refused: "Abgelehnt",
  "Slow requests": "Langsame Anfragen",
  "It shows the whole log, the newest first.": "Sie zeigt das ganze Protokoll, das Neueste zuerst.",
  "What it shows": "Was sie zeigt",
  last: "letzte",
  "Save view…": "Ansicht sichern…",
  "Views not read: {reason}": "Ansichten nicht gelesen: {reason}",
  "Edit view": "Ansicht bearbeiten",
  "Save view": "Ansicht speichern",
  "Failed payouts of this week": "Fehlgeschlagene Auszahlungen der Woche",
  "Replace its filters with what is shown now": "Ihre Filter durch das ersetzen, was jetzt gezeigt wird",
  "Open Livetrail with this view": "Livetrail mit dieser Ansicht öffnen",
  "Share with everyone who reads this log": "Mit allen teilen, die dieses Protokoll lesen",
  "Only admins share views.": "Nur Administratoren teilen Ansichten.",
  "In place of the whole log. It is your default; others keep theirs.":
    "Statt des ganzen Protokolls. Das ist Ihr Standard; andere behalten ihren.",
  "Another user has saved this view. Save it as your own to open Livetrail with it.":
    "Ein anderer Benutzer hat diese Ansicht gespeichert. Speichern Sie sie als eigene, um Livetrail damit zu öffnen.",
  Default: "Standard",
  Shared: "Geteilt",
  "Edit this view": "Diese Ansicht bearbeiten",
} satisfies Same<typeof da>;
