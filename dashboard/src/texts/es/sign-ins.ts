import type da from "../da/sign-ins";
import type { Same } from "../same";

export default {
  "an API key": "una clave de API",
  "being an admin": "el rol de administrador",
  "single sign-on": "inicio de sesión único",
  "a sign-in link": "un enlace de acceso",
  "Signed in by": "Sesión iniciada con",
  "Signed in|when": "Inicio de sesión",
  Ends: "Termina",
  "The link was made by {name}": "{name} creó el enlace",
  "End the session of {name}": "Terminar la sesión de {name}",
  "End|do": "Terminar",
  "this one": "esta",
  "{count} signed in": "{count} con sesión iniciada",
  "Nobody is signed in on this page of the list.":
    "No hay nadie con sesión iniciada en esta página de la lista.",
  "Seen later": "Vistos después",
  "Seen earlier": "Vistos antes",
  "End a session": "Terminar una sesión",
  "End it": "Terminarla",
  "The session of {name} opens nothing any more, on any node.":
    "La sesión de {name} ya no abre nada, en ningún nodo.",
  "It is your own: you will have to sign in again.": "Es la suya: tendrá que iniciar sesión de nuevo.",
} satisfies Same<typeof da>;
