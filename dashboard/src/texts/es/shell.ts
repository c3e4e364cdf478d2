import type da from "../da/shell";
import type { Same } from "../same";

export default {
  "Sign out": "Cerrar sesión",
  "Find a page, a view, a filter, a person or an action ({key})":
    "Buscar una página, una vista, un filtro, una persona o una acción ({key})",
  "The page": "La página",
  "go to the bar of filters": "ir a la barra de filtros",
  "pause the live rows, or go on": "pausar las filas en vivo, o continuar",
  "show what is newer": "mostrar lo más reciente",
  "read times here, in UTC, or as how long ago": "leer las horas de aquí, en UTC o como tiempo transcurrido",
  "find a page, a view, a filter, a person or an action":
    "buscar una página, una vista, un filtro, una persona o una acción",
  "show these shortcuts": "mostrar estos atajos",
  Space: "Espacio",
  "A row": "Una fila",
  "the next one": "la siguiente",
  "the one before": "la anterior",
  "open it": "abrirla",
  "unfold a run, or fold it": "desplegar una serie, o plegarla",
  "show five minutes before and after it": "mostrar cinco minutos antes y después",
  "the menu of its values": "el menú de sus valores",
  "An open activity": "Una actividad abierta",
  "copy its link, JSON, commands or filter": "copiar su enlace, JSON, comandos o filtro",
  "give it the whole page, or half of it": "darle toda la página, o la mitad",
  "close it": "cerrarla",
  "Listen to single letters and signs": "Responder a letras y signos sueltos",
  "Arrows, Enter, Escape, Shift+F10 and {key} work in any case.":
    "Las flechas, Intro, Escape, Mayús+F10 y {key} funcionan siempre.",
  Main: "Principal",
  "{count} open": "{count} abiertas",
  open: "abiertas",
  Reports: "Informes",
  "Times: {style}": "Horas: {style}",
  "Side column": "Columna lateral",
  "Show names of pages": "Mostrar los nombres de las páginas",
  "Show icons only": "Mostrar solo iconos",
  "The views": "Las vistas",
  "Opening the page…": "Abriendo la página…",
} satisfies Same<typeof da>;
