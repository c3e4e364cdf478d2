import type da from "../da/ui";
import type { Same } from "../same";

export default {
  "Copy {what}": "Copiar {what}",
  Close: "Cerrar",
  "Width of the pane": "Ancho del panel",
  "Drag, or use the arrow keys. A double click resets it.":
    "Arrastre o use las teclas de flecha. Un doble clic restablece el ancho.",
  "An invisible character": "Un carácter invisible",
} satisfies Same<typeof da>;
