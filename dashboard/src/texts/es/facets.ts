import type da from "../da/facets";
import type { Same } from "../same";

export default {
  "Nothing to count yet.": "Aún no hay nada que contar.",
  Fewer: "Menos",
  "Alt and click leaves it out": "Alt y clic lo excluye",
  "Not {name}": "No {name}",
  Facets: "Facetas",
  "The facets": "Las facetas",
} satisfies Same<typeof da>;
