export default {
  "Alerts in this time": "Alarmer i denne tid",
  "{name}, and {count} more": "{name} og {count} mere",
  "Table over time": "Tabel over tid",
  "Activities over time": "Aktiviteter over tid",
  "Activities over time, the latest first": "Aktiviteter over tid, de seneste først",
  "Arrow keys go from bar to bar, with Shift they take in more; Enter narrows the log to them.":
    "Piletasterne går fra søjle til søjle, med Skift tager de flere med; Enter indsnævrer loggen til dem.",
  "{range}: {counted}, in steps of {width}. The most, {most}, in {when}.":
    "{range}: {counted}, i trin på {width}. Flest, {most}: {when}.",
  "{count} activity, {failed} failed": "{count} aktivitet, {failed} mislykket",
  "{count} activities, {failed} failed": "{count} aktiviteter, heraf {failed} mislykket",
  now: "nu",
  "Nothing to show: no activity matches in the last 24 hours.":
    "Intet at vise: ingen aktivitet passer i de seneste 24 timer.",
  "Nothing to show: no activity matches at these dates.":
    "Intet at vise: ingen aktivitet passer i dette tidsrum.",
};
