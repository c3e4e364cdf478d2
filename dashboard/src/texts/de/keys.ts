import type da from "../da/keys";
import type { Same } from "../same";

export default {
  "New key": "Neuer Schlüssel",
  "There are no API keys.": "Es gibt keine API-Schlüssel.",
  Writer: "Schreiber",
  "Writes activities and names users. It reads nothing.":
    "Schreibt Aktivitäten und benennt Benutzer. Er liest nichts.",
  Viewer: "Leser",
  "Reads the log: lists, streams, exports and reports.":
    "Liest das Protokoll: Listen, Streams, Exporte und Berichte.",
  Auditor: "Prüfer",
  "Reads the log, and who has access. It changes nothing.":
    "Liest das Protokoll und wer Zugriff hat. Er ändert nichts.",
  "Admin|role": "Administrator",
  "May do everything, and make and revoke keys.": "Darf alles, auch Schlüssel anlegen und widerrufen.",
  "A year": "Ein Jahr",
  Never: "Nie",
  "90 days": "90 Tage",
  writer: "Schreiber",
  viewer: "Leser",
  auditor: "Prüfer",
  Created: "Erstellt",
  "Last used": "Zuletzt benutzt",
  Expires: "Läuft ab",
  never: "nie",
  "Revoke {name}": "{name} widerrufen",
  Revoke: "Widerrufen",
  expired: "abgelaufen",
  "billing service": "Abrechnungsdienst",
  "The only tenant that the key writes and reads. Empty: all of them.":
    "Der einzige Mandant, den der Schlüssel schreibt und liest. Leer: alle.",
  "A key that is lost or forgotten then opens this log for ever.":
    "Ein verlorener oder vergessener Schlüssel öffnet das Protokoll dann für immer.",
  "No key was made: {reason}": "Es wurde kein Schlüssel angelegt: {reason}",
  "Make the key": "Schlüssel anlegen",
  "Your new key": "Ihr neuer Schlüssel",
  "Copy the key now. It is shown this once, and the server keeps only a hash of it.":
    "Kopieren Sie den Schlüssel jetzt. Er wird nur dieses eine Mal angezeigt, der Server behält nur einen Hash davon.",
  Key: "Schlüssel",
  "Revoke a key": "Schlüssel widerrufen",
  "The key {name} opens nothing any more, from this moment on. Sessions that it has opened end, too.":
    "Der Schlüssel {name} öffnet von diesem Moment an nichts mehr. Sitzungen, die er geöffnet hat, enden ebenfalls.",
  "This cannot be undone. An application that still uses it needs a new key.":
    "Das lässt sich nicht rückgängig machen. Eine Anwendung, die ihn noch benutzt, braucht einen neuen Schlüssel.",
} satisfies Same<typeof da>;
