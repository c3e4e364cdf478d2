import type da from "../da/settings";
import type { Same } from "../same";

export default {
  Language: "Idioma",
  "As the browser": "Como el navegador",
  "This browser": "Este navegador",
  "Time zone": "Zona horaria",
  "The log": "El registro",
  "UTC, to the microsecond": "UTC, al microsegundo",
} satisfies Same<typeof da>;
