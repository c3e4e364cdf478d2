export default {
  "Nothing to count yet.": "Intet at tælle endnu.",
  Fewer: "Færre",
  "Alt and click leaves it out": "Alt og klik udelader det",
  "Not {name}": "Ikke {name}",
  Facets: "Facetter",
  "The facets": "Facetterne",
};
