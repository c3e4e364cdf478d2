/** The filter as tokens, one for each thing that it says, and back. The order is that of `FIELDS`. */
import { FIELDS, type Field, type FieldKey, fieldOf, type TermsKey, termsIn } from "./fields";
import { listTerms, readTerms, type Terms } from "./terms";
import { type Filter, NO_FILTER } from "./view";

export interface Token {
  field: FieldKey;
  not: boolean;
  /**
   * Values as rows have them. A time has two of them, epoch seconds or empty; a result has `success` or `failure`; a flag
   * has none, `not` says which way it goes.
   */
  values: readonly string[];
}

/** `me`: the reader's own id. That the reader's acts are left out is a token of its own. */
export function tokensOf(filter: Filter, me: string | null = null): Token[] {
  return FIELDS.flatMap((field) => ofField(filter, field, me));
}

function ofField(filter: Filter, field: Field, me: string | null): Token[] {
  const token = (values: readonly string[], not = false): Token => ({ field: field.key, not, values });
  switch (field.kind) {
    case "time": {
      const { date_from, date_to } = filter;
      return date_from === null && date_to === null
        ? []
        : [token([String(date_from ?? ""), String(date_to ?? "")])];
    }
    case "result":
      return filter.success_filter ? [token([filter.success_filter])] : [];
    case "flag": {
      const flag = filter[field.key];
      return flag === null ? [] : [token([], !flag)];
    }
    case "text": {
      const text = filter[field.key].trim();
      return text ? [token([text])] : [];
    }
    default: {
      const { any, none } = readTerms(termsIn(filter, field.key));
      const own = OF_PEOPLE.has(field.key) ? none.filter((value) => value === me) : [];
      const others = none.filter((value) => !own.includes(value));
      return [token(any), token(others, true), token(own.slice(0, 1), true)].filter(
        ({ values }) => values.length > 0,
      );
    }
  }
}

/** Fields whose values are users: the reader's own id has words of its own. */
const OF_PEOPLE: ReadonlySet<FieldKey> = new Set(["user_id", "read_by"]);

/** Whether the token leaves out what the reader did. */
export const isOwnActs = ({ field, not, values }: Token, me: string | null): boolean =>
  OF_PEOPLE.has(field) && not && values.length === 1 && values[0] === me;

export function filterOf(tokens: readonly Token[]): Filter {
  const filter = { ...NO_FILTER };
  for (const token of tokens) Object.assign(filter, withToken(filter, token));
  return filter;
}

/** What the filter becomes with a token more. Values of one kind come together; of other kinds the last one counts. */
export function withToken(filter: Filter, { field: key, not, values }: Token): Partial<Filter> {
  const field = fieldOf(key);
  switch (field.kind) {
    case "time":
      return { date_from: secondsOf(values[0]), date_to: secondsOf(values[1]) };
    case "result":
      return { success_filter: (values[0] === "success") !== not ? "success" : "failure" };
    case "flag":
      return { [field.key]: !not };
    case "text":
      return { [field.key]: values[0] ?? "" };
    default: {
      const { any, none } = readTerms(termsIn(filter, field.key));
      const rest = (of: readonly string[]) => of.filter((value) => !values.includes(value));
      return termsChange(
        field.key,
        not
          ? { any: rest(any), none: [...rest(none), ...values] }
          : { any: [...rest(any), ...values], none: rest(none) },
      );
    }
  }
}

/** What the filter becomes without a token. */
export function withoutToken(filter: Filter, { field: key, not, values }: Token): Partial<Filter> {
  const field = fieldOf(key);
  switch (field.kind) {
    case "time":
      return { date_from: null, date_to: null };
    case "text":
      return { [field.key]: "" };
    case "terms": {
      const { any, none } = readTerms(termsIn(filter, field.key));
      const rest = (of: readonly string[]) => of.filter((value) => !values.includes(value));
      return termsChange(field.key, not ? { any, none: rest(none) } : { any: rest(any), none });
    }
    default:
      return { [field.key]: null };
  }
}

/** Nothing of its kind but this. */
export const onlyToken = (token: Token): Partial<Filter> => withToken(NO_FILTER, token);

export const hasToken = (filter: Filter, token: Token): boolean =>
  tokensOf(filter).some(
    ({ field, not, values }) =>
      field === token.field && not === token.not && token.values.every((value) => values.includes(value)),
  );

function termsChange(key: TermsKey, terms: Terms): Partial<Filter> {
  const list = listTerms(terms);
  if (key === "action_filter") return { action_filter: list };
  return { [key]: list.length > 0 ? list.join(",") : null };
}

const secondsOf = (text: string | undefined): number | null => (text ? Number(text) : null);
