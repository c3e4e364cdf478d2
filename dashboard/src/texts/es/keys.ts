import type da from "../da/keys";
import type { Same } from "../same";

export default {
  "New key": "Nueva clave",
  "There are no API keys.": "No hay claves de API.",
  Writer: "Escritor",
  "Writes activities and names users. It reads nothing.":
    "Escribe actividades y da nombre a los usuarios. No lee nada.",
  Viewer: "Lector",
  "Reads the log: lists, streams, exports and reports.":
    "Lee el registro: listas, flujos, exportaciones e informes.",
  Auditor: "Auditor",
  "Reads the log, and who has access. It changes nothing.":
    "Lee el registro y quién tiene acceso. No cambia nada.",
  "Admin|role": "Administrador",
  "May do everything, and make and revoke keys.": "Puede hacerlo todo, también crear y revocar claves.",
  "A year": "Un año",
  Never: "Nunca",
  "90 days": "90 días",
  writer: "escritor",
  viewer: "lector",
  auditor: "auditor",
  Created: "Creada",
  "Last used": "Último uso",
  Expires: "Caduca",
  never: "nunca",
  "Revoke {name}": "Revocar {name}",
  Revoke: "Revocar",
  expired: "caducada",
  "billing service": "servicio de facturación",
  "The only tenant that the key writes and reads. Empty: all of them.":
    "El único inquilino que la clave escribe y lee. Vacío: todos.",
  "A key that is lost or forgotten then opens this log for ever.":
    "Una clave perdida u olvidada abrirá entonces este registro para siempre.",
  "No key was made: {reason}": "No se creó ninguna clave: {reason}",
  "Make the key": "Crear la clave",
  "Your new key": "Su nueva clave",
  "Copy the key now. It is shown this once, and the server keeps only a hash of it.":
    "Copie la clave ahora. Solo se muestra esta vez y el servidor guarda únicamente un hash de ella.",
  Key: "Clave",
  "Revoke a key": "Revocar una clave",
  "The key {name} opens nothing any more, from this moment on. Sessions that it has opened end, too.":
    "A partir de este momento, la clave {name} ya no abre nada. Las sesiones que haya abierto también terminan.",
  "This cannot be undone. An application that still uses it needs a new key.":
    "Esto no se puede deshacer. Una aplicación que todavía la use necesita una clave nueva.",
} satisfies Same<typeof da>;
