import type da from "../da/states";
import type { Same } from "../same";

export default {
  "{what} cannot be shown": "{what}: Anzeige nicht möglich",
  "The browser's console has the details.": "Die Konsole des Browsers enthält die Einzelheiten.",
  "Load the page again": "Seite neu laden",
  "Show the whole log": "Das ganze Protokoll zeigen",
  "Something went wrong": "Etwas ist schiefgegangen",
  "Request {id}": "Anfrage {id}",
  "The code below has a new key. It may only write, and it ends in {days} days. It is shown this once.":
    "Der Code unten enthält einen neuen Schlüssel. Er darf nur schreiben und läuft in {days} Tagen ab. Er wird nur dieses eine Mal gezeigt.",
  "Make a key": "Schlüssel erstellen",
  "Command to make a key": "Befehl zum Erstellen eines Schlüssels",
  "No key was made: {reason} The command above makes one on the server.":
    "Es wurde kein Schlüssel erstellt: {reason} Der Befehl oben erstellt einen auf dem Server.",
  "Send your first activity": "Senden Sie Ihre erste Aktivität",
  "No application has logged anything yet. Make a key, run the code, and the activity appears here at once.":
    "Noch hat keine Anwendung etwas protokolliert. Erstellen Sie einen Schlüssel und führen Sie den Code aus: Die Aktivität erscheint hier sofort.",
  "Make a key for your application": "Erstellen Sie einen Schlüssel für Ihre Anwendung",
  "Log something": "Protokollieren Sie etwas",
  "Code to log an activity": "Code, der eine Aktivität protokolliert",
  "It needs: {needs}.": "Benötigt: {needs}.",
  "Listening for the first activity…": "Warten auf die erste Aktivität…",
  "Connecting to the stream…": "Verbindung mit dem Stream…",
  "Node 20 or newer, as an ES module": "Node 20 oder neuer, als ES-Modul",
  "You may not read this log": "Sie dürfen dieses Protokoll nicht lesen",
  "You are signed in as {name}, who is not an admin here.":
    "Sie sind als {name} angemeldet und hier kein Administrator.",
  "Your sign-in was understood, but it is not an admin's.":
    "Ihre Anmeldung ist gültig, aber nicht die eines Administrators.",
  "A person with access to the server can change that:": "Eine Person mit Zugang zum Server kann das ändern:",
  "Sign in with another account": "Mit einem anderen Konto anmelden",
  "This page is beyond the last one": "Diese Seite liegt hinter der letzten",
  "The log has fewer pages now than when this link was made.":
    "Das Protokoll hat jetzt weniger Seiten als zu der Zeit, als dieser Link entstand.",
  "Go to the first page": "Zur ersten Seite",
  "This page of the list cannot be shown": "Diese Seite der Liste kann nicht gezeigt werden",
  "The cursor in the address is damaged, or it belongs to another filter, another order or another log.":
    "Der Cursor in der Adresse ist beschädigt, oder er gehört zu einem anderen Filter, einer anderen Reihenfolge oder einem anderen Protokoll.",
  "Show the first page": "Die erste Seite zeigen",
  "Whatever matches from now on appears here by itself.": "Was ab jetzt passt, erscheint hier von selbst.",
  "No activity matches all {count} filters": "Keine Aktivität passt auf alle {count} Filter",
  "No activity matches both filters": "Keine Aktivität passt auf beide Filter",
  "No activity matches this filter": "Keine Aktivität passt auf diesen Filter",
  "Not counted": "Nicht gezählt",
  "Your role does not read this. An admin or an auditor does.":
    "Ihre Rolle liest das nicht. Administratoren und Prüfer tun das.",
  "Not found": "Nicht gefunden",
  "page not found": "Seite nicht gefunden",
  "There is no page at this address": "Unter dieser Adresse gibt es keine Seite",
  "The link may have been cut.": "Der Link ist vielleicht abgeschnitten.",
  "Go to the activity log": "Zum Aktivitätsprotokoll",
  "Without {filter} there is {count}.": "Ohne {filter} gibt es {count}.",
  "Without {filter} there are {count}.": "Ohne {filter} gibt es {count}.",
  "Remove it": "Entfernen",
  "In error messages and details, {count} matches.": "In Fehlermeldungen und Details passt {count}.",
  "In error messages and details, {count} match.": "In Fehlermeldungen und Details passen {count}.",
  "Search there": "Dort suchen",
} satisfies Same<typeof da>;
