export default {
  "Show all {count} rows": "Vis alle {count} rækker",
  "Order of {table}": "Rækkefølge: {table}",
  "Largest first": "Største først",
  "Least first": "Mindste først",
  "Loading: {what}": "Indlæser: {what}",
};
