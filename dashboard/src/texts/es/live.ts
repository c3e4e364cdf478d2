import type da from "../da/live";
import type { Same } from "../same";

export default {
  "Read anew, {time}": "Leído de nuevo, {time}",
  "The stream could not go on ({reason}). These rows are what the server has now.":
    "El flujo no pudo continuar ({reason}). Estas filas son las que el servidor tiene ahora.",
  "the server gave no reason": "el servidor no indicó el motivo",
  "{count} newer": "{count} más reciente",
  "{count} newer|many": "{count} más recientes",
  "The server was updated.": "El servidor se actualizó.",
  Reload: "Recargar",
  "Not live": "No en vivo",
  "There is no list that new activities could join.":
    "No hay ninguna lista a la que puedan sumarse actividades nuevas.",
  Offline: "Sin conexión",
  "This device has no network. The stream resumes where it stopped.":
    "Este dispositivo no tiene red. El flujo se reanuda donde se detuvo.",
  "Catching up": "Poniéndose al día",
  "The stream brings what happened while it was away.":
    "El flujo trae lo que ocurrió mientras estaba ausente.",
  "The stream broke off. It resumes where it stopped; nothing is missed.":
    "El flujo se interrumpió. Se reanuda donde se detuvo; no se pierde nada.",
  "Reconnecting in {time}": "Nueva conexión en {time}",
  Reconnecting: "Restableciendo la conexión",
  "Reconnecting…": "Reconectando…",
  "Connecting…": "Conectando…",
  "Opening the live stream. It resumes where it stopped.":
    "Abriendo el flujo en vivo. Se reanuda donde se detuvo.",
  "No answer for {time}": "Sin respuesta desde hace {time}",
  "No answer": "Sin respuesta",
  "The server is silent. The page connects anew by itself.":
    "El servidor no responde. La página se vuelve a conectar por sí sola.",
  "Past range": "Periodo pasado",
  "The range has ended, so nothing new belongs here.":
    "El periodo ha terminado, así que nada nuevo pertenece aquí.",
  "New activities appear on the first page.": "Las actividades nuevas aparecen en la primera página.",
  "The rows are not in order of time, so new ones wait.":
    "Las filas no están en orden de tiempo, así que las nuevas esperan.",
  "Sorted by action": "Por acción",
  "Sorted by duration": "Por duración",
  "Sorted by status": "Por estado",
  "Oldest first": "Primero las más antiguas",
  "New activities belong at the end of the list.": "Las actividades nuevas van al final de la lista.",
  "New activities wait until you resume.": "Las actividades nuevas esperan hasta que reanude.",
  "New activities wait while you read, point at, select or scroll the rows.":
    "Las actividades nuevas esperan mientras usted lee, señala, selecciona o desplaza las filas.",
  Paused: "En pausa",
  Held: "Retenido",
  Live: "En vivo",
  "New activities appear as they happen: rate and delay of the last 10 seconds.":
    "Las actividades nuevas aparecen en cuanto ocurren: frecuencia y retraso de los últimos 10 segundos.",
} satisfies Same<typeof da>;
