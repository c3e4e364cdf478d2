import type da from "../da/session";
import type { Same } from "../same";

export default {
  "Signing you in…": "Sie werden angemeldet…",
  "Opening the log…": "Protokoll wird geöffnet…",
  "That is neither a sign-in link nor a token.": "Das ist weder ein Anmeldelink noch ein Token.",
  "Sign in to Livetrail": "Bei Livetrail anmelden",
  "There is no password. Make a one-time sign-in link on the machine that runs the server, and open it here:":
    "Es gibt kein Passwort. Erstellen Sie auf dem Rechner des Servers einen einmaligen Anmeldelink und öffnen Sie ihn hier:",
  "Sign-in link or token": "Anmeldelink oder Token",
  "Paste it here": "Hier einfügen",
  "Sign in": "Anmelden",
  "This sign-in link has been used already or has expired. Make a new one with the command above.":
    "Dieser Anmeldelink wurde bereits verwendet oder ist abgelaufen. Erstellen Sie mit dem Befehl oben einen neuen.",
  "Signing in failed.": "Die Anmeldung ist fehlgeschlagen.",
  "Sign in with single sign-on": "Mit Single Sign-on anmelden",
} satisfies Same<typeof da>;
