import type da from "../da/timeline";
import type { Same } from "../same";

export default {
  "Alerts in this time": "Alarme in dieser Zeit",
  "{name}, and {count} more": "{name} und {count} weitere",
  "Table over time": "Zeitverlauf als Tabelle",
  "Activities over time": "Aktivitäten im Zeitverlauf",
  "Activities over time, the latest first": "Aktivitäten im Zeitverlauf, die neuesten zuerst",
  "Arrow keys go from bar to bar, with Shift they take in more; Enter narrows the log to them.":
    "Die Pfeiltasten gehen von Balken zu Balken, mit der Umschalttaste nehmen sie mehrere; die Eingabetaste schränkt das Protokoll auf sie ein.",
  "{range}: {counted}, in steps of {width}. The most, {most}, in {when}.":
    "{range}: {counted}, in Schritten von {width}. Die meisten, {most}: {when}.",
  "{count} activity, {failed} failed": "{count} Aktivität, {failed} fehlgeschlagen",
  "{count} activities, {failed} failed": "{count} Aktivitäten, {failed} fehlgeschlagen",
  now: "jetzt",
  "Nothing to show: no activity matches in the last 24 hours.":
    "Nichts zu zeigen: Keine Aktivität der letzten 24 Stunden entspricht dem Filter.",
  "Nothing to show: no activity matches at these dates.":
    "Nichts zu zeigen: Keine Aktivität in diesem Zeitraum entspricht dem Filter.",
} satisfies Same<typeof da>;
