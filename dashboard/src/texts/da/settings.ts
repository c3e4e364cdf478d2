export default {
  Language: "Sprog",
  "As the browser": "Som browseren",
  "This browser": "Denne browser",
  "Time zone": "Tidszone",
  "The log": "Loggen",
  "UTC, to the microsecond": "UTC, til mikrosekundet",
};
