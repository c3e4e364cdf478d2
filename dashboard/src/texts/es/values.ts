import type da from "../da/values";
import type { Same } from "../same";

export default {
  "The menu": "El menú",
  "What to do with {value}": "Qué hacer con {value}",
  "Only this, not this, copy …": "Solo esto, esto no, copiar …",
  "Values of this activity": "Valores de esta actividad",
  "Only this": "Solo esto",
  "Also this": "También esto",
  "Not this": "Esto no",
  "Open its page": "Abrir su página",
} satisfies Same<typeof da>;
