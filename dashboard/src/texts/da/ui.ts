export default {
  "Copy {what}": "Kopiér {what}",
  Close: "Luk",
  "Width of the pane": "Panelets bredde",
  "Drag, or use the arrow keys. A double click resets it.":
    "Træk, eller brug piletasterne. Et dobbeltklik nulstiller.",
  "An invisible character": "Et usynligt tegn",
};
