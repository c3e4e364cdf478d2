import type da from "../da/times";
import type { Same } from "../same";

export default {
  "just now": "ahora mismo",
  "{count} d ago": "hace {count} d",
  "{count} h ago": "hace {count} h",
  "{count} min ago": "hace {count} min",
  "{count} s ago": "hace {count} s",
  ago: "hace",
  "how long ago; days and charts in {zone}": "hace cuánto; días y gráficos en {zone}",
  "your time zone, {zone}": "su zona horaria, {zone}",
  "Times: {way}": "Horas: {way}",
  "{name}. Click, or press u, to change": "{name}. Haga clic o pulse u para cambiar",
} satisfies Same<typeof da>;
