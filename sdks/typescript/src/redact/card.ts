/**
 * Payment card numbers: an issuer's prefix, a length that the issuer uses, and a right check digit (ISO/IEC 7812).
 *
 * A number counts where it stands as a token of its own, in a shape that cards have. That is one run of digits, or
 * groups of digits with a single space or hyphen between. Other numbers of that length are common in a log: times in
 * microseconds, telephone numbers, ids. One in ten has a right check digit by chance, hence the prefix and the shape.
 */
import { CARD_ISSUERS, CARD_MAX_DIGITS, CARD_MIN_DIGITS, CARD_SHAPES } from "./tables.js";
import type { Range } from "./token.js";

/** Each issuer with the number of digits of its prefixes. */
const ISSUERS = CARD_ISSUERS.map((issuer) => ({ ...issuer, digits: String(issuer.first).length }));

const WORD = /[\p{Alphabetic}\p{N}_]/u;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a number is one of a card. */
export function isCard(number: number): boolean {
  return Number.isInteger(number) && number >= 10 ** (CARD_MIN_DIGITS - 1) && isCardText(String(number));
}

/** The first card number in the run of digit groups that begins at `at`, or else where the run ends. */
export function findCard(text: string, at: number): Range | number {
  let start = at;
  for (;;) {
    const end = endOfGroup(text, start);
    const card = cardAtGroup(text, start, end);
    if (card && standsAlone(text, card)) return card;
    if (!isJoined(text, end)) return end;
    start = end + 1;
  }
}

function endOfGroup(text: string, start: number): number {
  let end = start;
  while (isDigit(text, end)) end += 1;
  return end;
}

/** False beyond the end, where there is no character. */
function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Whether a single space or hyphen joins another group to one that ends here. */
function isJoined(text: string, end: number): boolean {
  return (text[end] === " " || text[end] === "-") && isDigit(text, end + 1);
}

/** A card number that consists of this group, alone or with those after it. */
function cardAtGroup(text: string, start: number, end: number): Range | null {
  if (isCardText(text.slice(start, end))) return [start, end];
  for (const shape of CARD_SHAPES) {
    if (shape[0] !== end - start) continue;
    const last = endOfShape(text, start, shape);
    if (last !== null && isCardText(text.slice(start, last))) return [start, last];
  }
  return null;
}

/** Where the groups end that begin here, if they have the shape and the same separator throughout. */
function endOfShape(text: string, start: number, shape: readonly number[]): number | null {
  const separator = text[start + (shape[0] ?? 0)];
  let at = start;
  for (const [place, length] of shape.entries()) {
    if (place > 0) {
      if (!isJoined(text, at) || text[at] !== separator) return null;
      at += 1;
    }
    const end = endOfGroup(text, at);
    if (end - at !== length) return null;
    at = end;
  }
  return at;
}

/** Whether a card number is part of nothing else: a word, a fraction, a telephone number or a UUID. */
function standsAlone(text: string, card: Range): boolean {
  const [start, end] = card;
  const before = [...text.slice(Math.max(0, start - 2), start)].pop() ?? "";
  const after = String.fromCodePoint(text.codePointAt(end) ?? 0);
  if (WORD.test(before) || WORD.test(after)) return false;
  return !followsWholePart(text, start) && !isDialled(text, card) && !isInUuid(text, card);
}

/**
 * Whether the whole part of a decimal number and its point stand before, so that a fraction follows. Up to three
 * digits, as more leave no room for a long fraction, and not the end of a card number.
 */
function followsWholePart(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 10), start);
  const whole = /([0-9]{1,4})\.$/.exec(before);
  if (!whole?.[1] || whole[1].length > 3) return false;
  return !/[0-9]{4}[ -]$/.test(before.slice(0, whole.index));
}

/** A telephone number in its international form (E.164: a plus and at most 15 digits). */
function isDialled(text: string, [start, end]: Range): boolean {
  return text[start - 1] === "+" && digitsOf(text.slice(start, end)).length <= 15;
}

/** A UUID whose digits happen to include a card number. */
function isInUuid(text: string, [start, end]: Range): boolean {
  const before = /[A-Za-z0-9-]*$/.exec(text.slice(Math.max(0, start - 36), start))?.[0] ?? "";
  const after = /^[A-Za-z0-9-]*/.exec(text.slice(end, end + 36))?.[0] ?? "";
  return UUID.test(before + text.slice(start, end) + after);
}

function isCardText(text: string): boolean {
  if (text.length < CARD_MIN_DIGITS) return false;
  const digits = digitsOf(text);
  return (
    digits.length >= CARD_MIN_DIGITS &&
    digits.length <= CARD_MAX_DIGITS &&
    passesLuhn(digits) &&
    isIssued(digits)
  );
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9]/g, "");
}

function isIssued(digits: string): boolean {
  return ISSUERS.some((issuer) => {
    if (!issuer.lengths.includes(digits.length)) return false;
    const prefix = Number(digits.slice(0, issuer.digits));
    return issuer.first <= prefix && prefix <= issuer.last;
  });
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const counted = place % 2 === 0 ? digit : digit * 2;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}
