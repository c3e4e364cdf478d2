import type da from "../da/timeline";
import type { Same } from "../same";

export default {
  "Alerts in this time": "Alertas en este tiempo",
  "{name}, and {count} more": "{name} y {count} más",
  "Table over time": "Tabla en el tiempo",
  "Activities over time": "Actividades en el tiempo",
  "Activities over time, the latest first": "Actividades en el tiempo, primero las más recientes",
  "Arrow keys go from bar to bar, with Shift they take in more; Enter narrows the log to them.":
    "Las teclas de flecha van de barra en barra, con Mayús abarcan más; Intro limita el registro a ellas.",
  "{range}: {counted}, in steps of {width}. The most, {most}, in {when}.":
    "{range}: {counted}, en pasos de {width}. El máximo, {most}: {when}.",
  "{count} activity, {failed} failed": "{count} actividad, {failed} fallida",
  "{count} activities, {failed} failed": "{count} actividades, {failed} con fallo",
  now: "ahora",
  "Nothing to show: no activity matches in the last 24 hours.":
    "Nada que mostrar: ninguna actividad de las últimas 24 horas cumple los filtros.",
  "Nothing to show: no activity matches at these dates.":
    "Nada que mostrar: ninguna actividad de estas fechas cumple los filtros.",
} satisfies Same<typeof da>;
