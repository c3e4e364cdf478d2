import type da from "../da/table";
import type { Same } from "../same";

export default {
  "Show all {count} rows": "Mostrar las {count} filas",
  "Order of {table}": "Orden: {table}",
  "Largest first": "Primero los mayores",
  "Least first": "Primero los menores",
  "Loading: {what}": "Cargando: {what}",
} satisfies Same<typeof da>;
