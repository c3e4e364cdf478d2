import type da from "../da/health";
import type { Same } from "../same";

export default {
  Index: "Índice",
  Retention: "Conservación",
  "Nothing arrived.": "No llegó nada.",
  "{count} ({rate} a second)": "{count} ({rate} por segundo)",
  Newest: "Más reciente",
  "Building: {indexed} of {of} activities": "En construcción: {indexed} de {of} actividades",
  Ready: "Listo",
  Files: "Archivos",
  Memory: "Memoria",
  Holds: "Retenciones",
  "Last run": "Última ejecución",
  "None since the start": "Ninguna desde el inicio",
} satisfies Same<typeof da>;
