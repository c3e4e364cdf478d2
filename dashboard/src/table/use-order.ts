import { createParser, useQueryState } from "nuqs";
import { type Order, readOrder, writeOrder } from "./columns";

const parser = createParser({
  parse: (text) => (/^-?[a-z_]+$/.test(text) ? readOrder(text) : null),
  serialize: writeOrder,
  eq: (a, b) => writeOrder(a) === writeOrder(b),
}).withOptions({ history: "push" });

/** The order of a table, which stands in the address. */
export interface ChosenOrder {
  order: Order | null;
  /** By a column; once more by the same one reverses it. */
  choose: (column: string) => void;
}

/** `first` is the order where the address says none; null for that of the server. */
export function useOrder(first: string | null, parameter = "sort"): ChosenOrder {
  const [said, say] = useQueryState(parameter, parser);
  const initial = first === null ? null : readOrder(first);
  const order = said ?? initial;
  const choose = (column: string) => {
    const next = { column, reversed: order?.column === column && !order.reversed };
    say(initial && writeOrder(next) === writeOrder(initial) ? null : next);
  };
  return { order, choose };
}
