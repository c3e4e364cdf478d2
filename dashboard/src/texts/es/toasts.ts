import type da from "../da/toasts";
import type { Same } from "../same";

export default {
  "Announce new activity": "Anunciar actividad nueva",
  "New activity": "Actividad nueva",
  "{count} new": "{count} nueva",
  "{count} new|many": "{count} nuevas",
  "{count} new, {failed} failed": "{count} nueva, {failed} fallida",
  "{count} new, {failed} failed|many": "{count} nuevas, {failed} con fallo",
} satisfies Same<typeof da>;
