import type da from "../da/ui";
import type { Same } from "../same";

export default {
  "Copy {what}": "{what} kopieren",
  Close: "Schließen",
  "Width of the pane": "Breite des Bereichs",
  "Drag, or use the arrow keys. A double click resets it.":
    "Ziehen oder die Pfeiltasten verwenden. Ein Doppelklick setzt zurück.",
  "An invisible character": "Ein unsichtbares Zeichen",
} satisfies Same<typeof da>;
