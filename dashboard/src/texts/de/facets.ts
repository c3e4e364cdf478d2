import type da from "../da/facets";
import type { Same } from "../same";

export default {
  "Nothing to count yet.": "Noch nichts zu zählen.",
  Fewer: "Weniger",
  "Alt and click leaves it out": "Alt und Klick lässt es weg",
  "Not {name}": "Nicht {name}",
  Facets: "Facetten",
  "The facets": "Die Facetten",
} satisfies Same<typeof da>;
