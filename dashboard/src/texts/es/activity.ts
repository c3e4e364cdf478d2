import type da from "../da/activity";
import type { Same } from "../same";

export default {
  "{count} time": "{count} vez",
  "{count} times": "{count} veces",
} satisfies Same<typeof da>;
