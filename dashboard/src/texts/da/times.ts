export default {
  "just now": "lige nu",
  "{count} d ago": "{count} d. siden",
  "{count} h ago": "{count} t. siden",
  "{count} min ago": "{count} min. siden",
  "{count} s ago": "{count} s. siden",
  ago: "siden",
  "how long ago; days and charts in {zone}": "hvor længe siden; dage og diagrammer i {zone}",
  "your time zone, {zone}": "din tidszone, {zone}",
  "Times: {way}": "Tider: {way}",
  "{name}. Click, or press u, to change": "{name}. Klik, eller tryk på u, for at skifte",
};
