/**
 * The texts of the page. They stand in the code in English, and the files of the other languages have each of them as
 * a key, so that an English text costs nothing, and the compiler knows of each that is not translated.
 *
 * `{name}` stands for a value. Where one English text has two meanings, the other one is told apart by what follows a
 * bar, which is not shown: "Open" (an alert is open), "Open|do" (open the link).
 */
import { createElement, Fragment, type ReactNode } from "react";
import type da from "./da";
import { LANGUAGE, LOCALE } from "./language";

/** Each text that is translated. */
type Key = keyof typeof da;
export type Translation = Readonly<Record<Key, string>>;

type NameIn<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NameIn<Rest>
  : never;
/** A text without values: what a constant has, to be translated where it is shown. */
export type Text = { [K in Key]: [NameIn<K>] extends [never] ? K : never }[Key];
type Values<T extends string, V> = [NameIn<T>] extends [never]
  ? []
  : [values: Readonly<Record<NameIn<T>, V>>];
type Counted<T extends string> = [Exclude<NameIn<T>, "count">] extends [never]
  ? []
  : [values: Readonly<Record<Exclude<NameIn<T>, "count">, string>>];

const whole = new Intl.NumberFormat(LOCALE);
const plurals = new Intl.PluralRules(LANGUAGE);
let translation: Readonly<Record<string, string>> = {};

/** From here on texts are those of this translation. It is called before anything is shown. */
export function translate(texts: Translation): void {
  translation = texts;
}

/** The text in the language of the page. */
export function t<T extends Key>(text: T, ...[values]: Values<T, string | number>): string {
  return piecesOf(text)
    .map((piece, index) => (index % 2 === 0 ? piece : written(values, piece)))
    .join("");
}

/** A text whose values are elements. */
export function rich<T extends Key>(text: T, values: Readonly<Record<NameIn<T>, ReactNode>>): ReactNode {
  const known: Readonly<Record<string, ReactNode>> = values;
  const pieces = piecesOf(text).map((piece, index) => (index % 2 === 0 ? piece : known[piece]));
  return createElement(Fragment, null, ...pieces);
}

/** The text for so many; `{count}` is the number as people write it. */
export function plural<One extends Key, Many extends Key>(
  count: number,
  one: One,
  many: Many,
  ...[values]: Counted<One | Many>
): string {
  const all: Readonly<Record<string, string>> = { ...values, count: whole.format(count) };
  const text: Key = plurals.select(count) === "one" ? one : many;
  return piecesOf(text)
    .map((piece, index) => (index % 2 === 0 ? piece : written(all, piece)))
    .join("");
}

/** Words and names of values in turn; the first are words. */
const piecesOf = (text: Key): string[] => (translation[text] ?? english(text)).split(/\{(\w+)\}/);

const english = (text: string): string => text.replace(/\|\w+$/, "");

function written(values: Readonly<Record<string, string | number>> | undefined, name: string): string {
  const value = values?.[name] ?? "";
  return typeof value === "number" ? whole.format(value) : value;
}
