import type da from "../da/live";
import type { Same } from "../same";

export default {
  "Read anew, {time}": "Neu gelesen, {time}",
  "The stream could not go on ({reason}). These rows are what the server has now.":
    "Der Stream konnte nicht fortgesetzt werden ({reason}). Diese Zeilen sind das, was der Server jetzt hat.",
  "the server gave no reason": "der Server nannte keinen Grund",
  "{count} newer": "{count} neuere",
  "{count} newer|many": "{count} neuere",
  "The server was updated.": "Der Server wurde aktualisiert.",
  Reload: "Neu laden",
  "Not live": "Nicht live",
  "There is no list that new activities could join.":
    "Es gibt keine Liste, in die neue Aktivitäten kommen könnten.",
  Offline: "Offline",
  "This device has no network. The stream resumes where it stopped.":
    "Dieses Gerät hat kein Netzwerk. Der Stream wird dort fortgesetzt, wo er aufhörte.",
  "Catching up": "Holt auf",
  "The stream brings what happened while it was away.":
    "Der Stream liefert, was in seiner Abwesenheit geschah.",
  "The stream broke off. It resumes where it stopped; nothing is missed.":
    "Der Stream brach ab. Er wird dort fortgesetzt, wo er aufhörte; nichts geht verloren.",
  "Reconnecting in {time}": "Neue Verbindung in {time}",
  Reconnecting: "Verbindung wird wiederhergestellt",
  "Reconnecting…": "Neu verbinden…",
  "Connecting…": "Verbinden…",
  "Opening the live stream. It resumes where it stopped.":
    "Der Live-Stream wird geöffnet. Er wird dort fortgesetzt, wo er aufhörte.",
  "No answer for {time}": "Keine Antwort seit {time}",
  "No answer": "Keine Antwort",
  "The server is silent. The page connects anew by itself.":
    "Der Server schweigt. Die Seite verbindet sich von selbst neu.",
  "Past range": "Vergangener Zeitraum",
  "The range has ended, so nothing new belongs here.":
    "Der Zeitraum ist zu Ende, also gehört nichts Neues hierher.",
  "New activities appear on the first page.": "Neue Aktivitäten erscheinen auf der ersten Seite.",
  "The rows are not in order of time, so new ones wait.":
    "Die Zeilen sind nicht nach Zeit sortiert, also warten neue.",
  "Sorted by action": "Nach Aktion sortiert",
  "Sorted by duration": "Nach Dauer sortiert",
  "Sorted by status": "Nach Status sortiert",
  "Oldest first": "Älteste zuerst",
  "New activities belong at the end of the list.": "Neue Aktivitäten gehören ans Ende der Liste.",
  "New activities wait until you resume.": "Neue Aktivitäten warten, bis Sie fortfahren.",
  "New activities wait while you read, point at, select or scroll the rows.":
    "Neue Aktivitäten warten, solange Sie in den Zeilen lesen, auf sie zeigen, sie markieren oder scrollen.",
  Paused: "Pausiert",
  Held: "Angehalten",
  Live: "Live",
  "New activities appear as they happen: rate and delay of the last 10 seconds.":
    "Neue Aktivitäten erscheinen, sobald sie geschehen: Rate und Verzögerung der letzten 10 Sekunden.",
} satisfies Same<typeof da>;
