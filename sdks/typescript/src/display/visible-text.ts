/**
 * Text of senders as a reader may trust it. Invisible characters, and those that change the order of the text around
 * them, let one user id look like another's. Each becomes a token that names it, such as U+202E.
 */

/** Characters of those kinds that do change what is seen, where they stand as languages and emoji use them. */
const MEANT = [
  // Emoji: the style of one, of a keycap, and the joint between two.
  "(?<=\\p{ExtPict})[\\uFE0E\\uFE0F]",
  "(?<=[0-9#*])\\uFE0F(?=\\u20E3)",
  "(?<=\\p{ExtPict}[\\uFE0F\\p{EMod}]?)\\u200D(?=\\p{ExtPict})",
  // Persian and its neighbours: a letter that would join the next one does not.
  "(?<=\\p{sc=Arab})(?<![ءآأؤإةادذرزوىٱژۀە])\\u200C(?=\\p{sc=Arab})",
  // Scripts of India: the form of a consonant after a virama.
  "(?<=[\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA])[\\u200C\\u200D](?=\\p{L})",
  // Signs of Arabic, Syriac and Kaithi numbers that Unicode counts among the format characters.
  "[\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}]",
].join("|");
/** Controls, formats and separators, what Unicode calls ignorable by default, and the empty pattern of Braille. */
const UNSEEN = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{DI}\\u2800]";
/** Spaces that HTML drops, and those that look like the ordinary one. */
const SPACES = "^\\p{Zs}|\\p{Zs}$|\\p{Zs}(?=\\p{Zs})|[^\\P{Zs} \\u3000]";

/** Most texts: visible ASCII with single spaces in it. They need no search for anything else. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
const IN_ONE_LINE = new RegExp(`(?!${MEANT})${UNSEEN}|${SPACES}`, "gu");
const IN_LINES = new RegExp(`(?!${MEANT}|[\\t\\n\\r])${UNSEEN}`, "gu");

export interface Token {
  name: string;
  /** Where it stands in the text. */
  at: number;
}

/** The text in pieces. `lines`: line breaks and spaces are part of it, as they are in a message but not in a name. */
export function piecesOf(text: string, lines = false): (string | Token)[] {
  if (PLAIN.test(text)) return [text];
  const pieces: (string | Token)[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(lines ? IN_LINES : IN_ONE_LINE)) {
    if (index > end) pieces.push(text.slice(end, index));
    pieces.push({ name: nameOf(character), at: index });
    end = index + character.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

/** The same for where only plain text can stand, such as a tooltip. */
export const visibleText = (text: string, lines = false): string =>
  piecesOf(text, lines)
    .map((piece) => (typeof piece === "string" ? piece : `⟨${piece.name}⟩`))
    .join("");

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
