import type da from "../da/times";
import type { Same } from "../same";

export default {
  "just now": "gerade eben",
  "{count} d ago": "vor {count} Tg.",
  "{count} h ago": "vor {count} Std.",
  "{count} min ago": "vor {count} Min.",
  "{count} s ago": "vor {count} Sek.",
  ago: "vor",
  "how long ago; days and charts in {zone}": "wie lange her; Tage und Diagramme in {zone}",
  "your time zone, {zone}": "Ihre Zeitzone, {zone}",
  "Times: {way}": "Zeiten: {way}",
  "{name}. Click, or press u, to change": "{name}. Zum Wechseln klicken oder u drücken",
} satisfies Same<typeof da>;
