export default {
  "The menu": "Menuen",
  "What to do with {value}": "Hvad der kan gøres med {value}",
  "Only this, not this, copy …": "Kun denne, ikke denne, kopiér …",
  "Values of this activity": "Aktivitetens værdier",
  "Only this": "Kun denne",
  "Also this": "Også denne",
  "Not this": "Ikke denne",
  "Open its page": "Åbn dens side",
};
