/**
 * Classes of ASCII characters, as bits of a table. A loop over characters asks them many times for each character of a
 * hostile text, and a regular expression would cost ten times as much each time.
 */
export const UPPER = 1;
export const LOWER = 2;
export const DIGIT = 4;
export const DASH = 8;
export const UNDERSCORE = 16;
export const DOT = 32;
export const SPACE = 64;
export const TAB = 128;
export const BACKSLASH = 256;
/** Where a value without quotes ends in any case. */
export const END = 512;
/** Where such a value ends, unless what follows shows that it goes on. */
export const ENTRY_END = 1024;
export const HEXADECIMAL = 2048;
export const WHITE_SPACE = 4096;
export const PERCENT = 8192;

export const LETTER = UPPER | LOWER;
export const ALPHANUMERIC = LETTER | DIGIT;
export const BLANK = SPACE | TAB;
export const IN_NAME = ALPHANUMERIC | DASH | UNDERSCORE | DOT;

const CLASSES = new Uint16Array(128);
for (const [characters, bits] of [
  ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", UPPER],
  ["abcdefghijklmnopqrstuvwxyz", LOWER],
  ["0123456789", DIGIT],
  ["-", DASH],
  ["_", UNDERSCORE],
  [".", DOT],
  [" ", SPACE],
  ["\t", TAB],
  ["\\", BACKSLASH],
  [" \t\n\r\f&\"'`<>\\", END],
  [",;)]}", ENTRY_END],
  ["0123456789ABCDEFabcdef", HEXADECIMAL],
  [" \t\n\r\f", WHITE_SPACE],
  ["%", PERCENT],
] as const) {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    CLASSES[code] = (CLASSES[code] ?? 0) | bits;
  }
}

/** The classes of the character here; none beyond the text. */
export function classesAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (CLASSES[code] ?? 0) : 0;
}

/** Whether the character here is of one of these classes. */
export function isAt(text: string, at: number, classes: number): boolean {
  return (classesAt(text, at) & classes) !== 0;
}

/** The end of the run of such characters that begins here. */
export function endOfRun(text: string, start: number, classes: number, end = text.length): number {
  let at = start;
  while (at < end && isAt(text, at, classes)) at += 1;
  return at;
}

/** The start of the run of at most `most` such characters before `end`. */
export function startOfRun(
  text: string,
  end: number,
  floor: number,
  classes: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  let at = end;
  while (at > floor && end - at < most && isAt(text, at - 1, classes)) at -= 1;
  return at;
}

/** Bytes in UTF-8 of the character that this unit begins. The second half of a pair is counted with the first. */
export function utf8Length(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  if (unit >= 0xdc00 && unit < 0xe000) return 0;
  return unit >= 0xd800 && unit < 0xdc00 ? 4 : 3;
}

/** Bytes in UTF-8 of a text. */
export function utf8LengthOf(text: string, start = 0, end = text.length): number {
  let length = 0;
  for (let at = start; at < end; at += 1) length += utf8Length(text.charCodeAt(at));
  return length;
}
