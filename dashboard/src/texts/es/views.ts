import type da from "../da/views";
import type { Same } from "../same";

export default {
  "Failed sign-ins": "Inicios fallidos",
  Errors: "Errores",
  Refused: "Rechazadas",
  "Slow requests": "Solicitudes lentas",
  "It shows the whole log, the newest first.": "Muestra todo el registro, lo más reciente primero.",
  "What it shows": "Qué muestra",
  last: "últimas",
  "Save view…": "Guardar vista…",
  "Views not read: {reason}": "Vistas no leídas: {reason}",
  "Edit view": "Editar vista",
  "Save view": "Guardar vista",
  "Failed payouts of this week": "Pagos fallidos de esta semana",
  "Replace its filters with what is shown now": "Sustituir sus filtros por lo que se muestra ahora",
  "Open Livetrail with this view": "Abrir Livetrail con esta vista",
  "Share with everyone who reads this log": "Compartir con todos los que leen este registro",
  "Only admins share views.": "Solo los administradores comparten vistas.",
  "In place of the whole log. It is your default; others keep theirs.":
    "En lugar de todo el registro. Es su vista predeterminada; los demás conservan la suya.",
  "Another user has saved this view. Save it as your own to open Livetrail with it.":
    "Otro usuario guardó esta vista. Guárdela como propia para abrir Livetrail con ella.",
  Default: "Predeterminada",
  Shared: "Compartida",
  "Edit this view": "Editar esta vista",
} satisfies Same<typeof da>;
