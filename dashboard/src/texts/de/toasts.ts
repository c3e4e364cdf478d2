import type da from "../da/toasts";
import type { Same } from "../same";

export default {
  "Announce new activity": "Neue Aktivität melden",
  "New activity": "Neue Aktivität",
  "{count} new": "{count} neue",
  "{count} new|many": "{count} neue",
  "{count} new, {failed} failed": "{count} neue, {failed} fehlgeschlagen",
  "{count} new, {failed} failed|many": "{count} neue, {failed} fehlgeschlagen",
} satisfies Same<typeof da>;
