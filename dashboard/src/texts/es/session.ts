import type da from "../da/session";
import type { Same } from "../same";

export default {
  "Signing you in…": "Iniciando sesión…",
  "Opening the log…": "Abriendo el registro…",
  "That is neither a sign-in link nor a token.": "Eso no es un enlace de inicio de sesión ni un token.",
  "Sign in to Livetrail": "Iniciar sesión en Livetrail",
  "There is no password. Make a one-time sign-in link on the machine that runs the server, and open it here:":
    "No hay contraseña. Cree un enlace de un solo uso en la máquina del servidor y ábralo aquí:",
  "Sign-in link or token": "Enlace de inicio de sesión o token",
  "Paste it here": "Péguelo aquí",
  "Sign in": "Iniciar sesión",
  "This sign-in link has been used already or has expired. Make a new one with the command above.":
    "Este enlace ya se usó o ha caducado. Cree uno nuevo con el comando de arriba.",
  "Signing in failed.": "No se pudo iniciar sesión.",
  "Sign in with single sign-on": "Iniciar sesión con inicio único (SSO)",
} satisfies Same<typeof da>;
