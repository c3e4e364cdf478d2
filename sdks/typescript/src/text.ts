/** Nearly all text that is logged, which needs no closer look. */
const PLAIN = /^[\x20-\x7e\t\n]*$/;

/** Control characters, which no text of a log has, tab and newline apart. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

/** Halves of a character, which JSON can write and no server can read. */
const LONE_SURROGATE = /\p{Cs}/gu;

/** Text as the server takes it: without control characters, each lone surrogate a replacement character. */
export function clean(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(CONTROL, "").replace(LONE_SURROGATE, "\ufffd");
}

/** Cuts to `most` characters, never through the middle of one. */
export function cut(text: string, most: number): string {
  // No text has more characters than UTF-16 units, and no character has more than two of them.
  if (text.length <= most) return text;
  return [...text.slice(0, 2 * most)].slice(0, most).join("");
}

/** Cuts to `most` characters, the last of them `…` where something is missing. */
export function cutWithMark(text: string, most: number): string {
  return cut(text, most) === text ? text : `${cut(text, most - 1)}…`;
}

const encoder = new TextEncoder();

/** Bytes in UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
