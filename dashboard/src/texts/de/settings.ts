import type da from "../da/settings";
import type { Same } from "../same";

export default {
  Language: "Sprache",
  "As the browser": "Wie der Browser",
  "This browser": "Dieser Browser",
  "Time zone": "Zeitzone",
  "The log": "Das Protokoll",
  "UTC, to the microsecond": "UTC, auf die Mikrosekunde",
} satisfies Same<typeof da>;
