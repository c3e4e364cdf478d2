import type da from "../da/values";
import type { Same } from "../same";

export default {
  "The menu": "Das Menü",
  "What to do with {value}": "Aktionen für {value}",
  "Only this, not this, copy …": "Nur dies, nicht dies, kopieren …",
  "Values of this activity": "Werte dieser Aktivität",
  "Only this": "Nur dies",
  "Also this": "Auch dies",
  "Not this": "Dies nicht",
  "Open its page": "Zugehörige Seite öffnen",
} satisfies Same<typeof da>;
