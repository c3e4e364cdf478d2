import type da from "../da/sign-ins";
import type { Same } from "../same";

export default {
  "an API key": "einen API-Schlüssel",
  "being an admin": "die Rolle als Administrator",
  "single sign-on": "Single Sign-on",
  "a sign-in link": "einen Anmeldelink",
  "Signed in by": "Angemeldet durch",
  "Signed in|when": "Angemeldet",
  Ends: "Endet",
  "The link was made by {name}": "Der Link wurde von {name} erstellt",
  "End the session of {name}": "Sitzung von {name} beenden",
  "End|do": "Beenden",
  "this one": "diese",
  "{count} signed in": "{count} angemeldet",
  "Nobody is signed in on this page of the list.": "Auf dieser Seite der Liste ist niemand angemeldet.",
  "Seen later": "Später gesehen",
  "Seen earlier": "Früher gesehen",
  "End a session": "Sitzung beenden",
  "End it": "Beenden",
  "The session of {name} opens nothing any more, on any node.":
    "Die Sitzung von {name} öffnet auf keinem Knoten mehr etwas.",
  "It is your own: you will have to sign in again.": "Es ist Ihre eigene: Sie müssen sich dann neu anmelden.",
} satisfies Same<typeof da>;
