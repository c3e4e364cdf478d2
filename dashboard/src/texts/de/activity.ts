import type da from "../da/activity";
import type { Same } from "../same";

export default {
  "{count} time": "{count} Mal",
  "{count} times": "{count} Mal",
} satisfies Same<typeof da>;
