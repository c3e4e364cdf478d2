/** What the bar offers for a text that is being typed: a pure function of what is known. */

import type { Facets, FacetValue } from "../api/types";
import { titleOf } from "../texts/actions";
import { t } from "../texts/texts";
import { FIELDS, type Field, fieldsOffered, namesOf } from "./fields";
import { QUICK_RANGES, rangeUntilNow } from "./ranges";
import { shapeOf } from "./shapes";
import { readTerms } from "./terms";
import { isNo, readToken, readTyped, resultOf, type Typed } from "./token-text";
import { shortWords } from "./token-words";
import { hasToken, type Token } from "./tokens";
import type { Filter } from "./view";

export type Act =
  | { apply: Token }
  /** The text goes on with this. */
  | { type: string }
  | { open: string }
  | { dates: true };

export interface Option {
  key: string;
  label: string;
  not: boolean;
  value: string;
  /** What it is, where label and value do not say it. */
  note?: string;
  act: Act;
  count: number | null;
}

export interface Known {
  text: string;
  filter: Filter;
  me: string | null;
  /** The values that occur among what the other tokens match. */
  facets: Facets | null;
  /** Whether the server searches messages and details. */
  textSearch: boolean;
  now: number;
}

/** Their values are names of a few things. */
const NAMED: ReadonlySet<Field["key"]> = new Set(["action_filter", "category", "resource_type", "method"]);
const MOST_VALUES = 50;
const MOST_MIXED = 6;
/** One letter is part of too many values to be of use. */
const LEAST_LETTERS = 2;

export function completionsOf(known: Known): Option[] {
  const { text } = known;
  if (text.trim() === "") return starters(known);
  const typed = readTyped(text);
  return typed ? valuesOf(typed, known) : freeText(known);
}

export function optionOf(token: Token, me: string | null, more: Partial<Option> = {}): Option {
  const { label, not, value } = shortWords(token, me);
  const key = `${token.field} ${token.not} ${token.values.join()}`;
  return { key, label, not, value, act: { apply: token }, count: null, ...more };
}

const without = (field: Token["field"], value: string): Token => ({ field, not: true, values: [value] });
const include = (field: Token["field"], ...values: string[]): Token => ({ field, not: false, values });

const rangeOptions = ({ me, now }: Known): Option[] =>
  QUICK_RANGES.map((range) => {
    const from = String(rangeUntilNow(range, now).date_from);
    return optionOf(include("time", from, ""), me, { key: range.key, value: t(range.label) });
  });

function starters(known: Known): Option[] {
  const { me, filter, textSearch } = known;
  const own = me === null ? [] : (["read_by", "user_id"] as const).map((field) => without(field, me));
  const tokens = [...own, include("success_filter", "failure"), include("is_admin")];
  return [
    ...tokens
      .filter((token) => !hasToken(filter, token))
      .map((token) =>
        optionOf(token, me, {
          ...(token.field === "read_by" && { note: t("leaves out that you have read the log") }),
          ...(token.field === "user_id" && { note: t("leaves out what you did yourself") }),
        }),
      ),
    ...rangeOptions(known),
    ...fieldsOffered(textSearch).map(fieldOption),
  ];
}

function fieldOption(field: Field): Option {
  const act: Act = field.kind === "time" ? { dates: true } : { type: `${t(field.name)}:` };
  const note = field.kind === "time" ? t("from a date, until a date") : field.hint && t(field.hint);
  return {
    key: `field ${field.key}`,
    label: t(field.name),
    not: false,
    value: "…",
    act,
    count: null,
    ...(note && { note }),
  };
}

function valuesOf(typed: Typed, known: Known): Option[] {
  const { field, not, last } = typed;
  const { me, text, facets } = known;
  const whole = readToken(text);
  const asTyped = whole ? [optionOf(whole, me, { key: "typed" })] : [];
  switch (field.kind) {
    case "time":
      return [...asTyped, ...rangeOptions(known), fieldOption(field)];
    // What was typed comes first, because Enter takes that.
    case "result": {
      const isSuccess = last !== "" && (resultOf(last, true) === "success") !== not;
      const values = isSuccess ? ["success", "failure"] : ["failure", "success"];
      return values.map((value) => optionOf(include(field.key, value), me));
    }
    case "flag": {
      const isNegative = isNo(last) !== not;
      return [isNegative, !isNegative].map((no) => optionOf({ field: field.key, not: no, values: [] }, me));
    }
    case "text":
      return asTyped;
    default: {
      const done = typed.done.flatMap((term) => readTerms(term).any);
      const offered = field.facet && facets ? facets[field.facet] : [];
      const options = matching(field, offered, last)
        .filter(({ value }) => !done.includes(value))
        .slice(0, MOST_VALUES)
        .map((found) =>
          facetOption(field, found, { field: field.key, not, values: [...done, found.value] }, me),
        );
      const isOffered = options.some(
        ({ act }) => "apply" in act && act.apply.values.at(-1) === whole?.values.at(-1),
      );
      if (isOffered && last) return options;
      // A part of an id stands for nothing, unlike a part of a name.
      const isName = NAMED.has(field.key) || !options.some(({ value }) => value.includes(last));
      return last && isName ? [...options, ...asTyped] : [...asTyped, ...options];
    }
  }
}

function freeText(known: Known): Option[] {
  const { text, me, facets, textSearch } = known;
  const value = text.trim();
  const shape = shapeOf(value);
  const certain = shape && "certain" in shape ? [optionOf(shape.certain, me)] : [];
  const search = [
    optionOf(include("q", value), me, { note: t("in names, actions, addresses and ids") }),
    ...(textSearch
      ? [optionOf(include("text", value), me, { note: t("in error messages and details") })]
      : []),
  ];
  const found =
    facets && value.length >= LEAST_LETTERS
      ? FIELDS.flatMap((field) =>
          field.kind === "terms" && field.facet
            ? matching(field, facets[field.facet], value).map((one) =>
                facetOption(field, one, include(field.key, one.value), me),
              )
            : [],
        )
      : [];
  const best = found.sort((a, b) => (b.count ?? 0) - (a.count ?? 0)).slice(0, MOST_MIXED);
  const fields = fieldsOffered(textSearch)
    .filter((field) => namesOf(field).some((name) => name.startsWith(value.toLowerCase())))
    .map(fieldOption);
  return [...certain, ...search, ...best, ...fields];
}

/** One of several values reads as itself: those that are chosen already stand in the bar. */
function facetOption(
  field: Field,
  { value, label, count }: FacetValue,
  token: Token,
  me: string | null,
): Option {
  const title = titleOf(field.key, value, label) ?? label;
  const note = title !== value ? title : null;
  return optionOf(token, me, { key: `${field.key} ${value}`, value, count, ...(note && { note }) });
}

function matching(field: Field, values: readonly FacetValue[], text: string): FacetValue[] {
  const wanted = text.toLowerCase();
  const has = (name: string | null | undefined) => name?.toLowerCase().includes(wanted);
  const rank = ({ value }: FacetValue) => (value.toLowerCase() === wanted ? 0 : 1);
  return values
    .filter(({ value, label }) => has(value) || has(label) || has(titleOf(field.key, value, label)))
    .sort((a, b) => rank(a) - rank(b));
}
