/** Whether a text is hard to guess, and so may be a credential rather than a name. */

const MIN_SESSION = 20;
/** So many characters that no word or number explains carry more than 48 bits in every alphabet in use. */
export const MIN_UNEXPLAINED = 12;
const MAX_WORD = 19;

const RUN =
  /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![A-Za-z0-9])|([A-Za-z0-9]+)/g;
const EXPLAINED = /^(?:[0-9]{1,17}|([A-Za-z]+)[0-9]{0,10})$/;
const HASHED = /^hashed:[0-9a-f]{32}$/;
const SPACE = /[\p{White_Space}]/u;
const JWT = /^eyJ[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*$/;

/**
 * Whether a session id could be a live credential: a JWT, or at least 20 characters that are hard to guess, in any
 * framework's form. Hyphenated UUIDs and the keyed hash that the server itself stores (`hashed:…`) are not.
 */
export function looksLikeCredential(text: string): boolean {
  if (HASHED.test(text) || SPACE.test(text)) return false;
  return JWT.test(text) || hardToGuess(text, MIN_SESSION);
}

/** Whether a text of at least so many bytes has enough characters that neither words nor numbers explain. */
export function hardToGuess(text: string, least: number): boolean {
  return bytes(text) >= least && unexplained(text) >= MIN_UNEXPLAINED;
}

/** The characters of the runs of letters and digits that are no word, number, word with a number, or UUID. */
export function unexplained(text: string): number {
  let total = 0;
  for (const [, run] of text.matchAll(RUN)) {
    if (run !== undefined && !isExplained(run)) total += run.length;
  }
  return total;
}

function isExplained(run: string): boolean {
  const match = EXPLAINED.exec(run);
  return match !== null && (match[1] === undefined || areWords(match[1]));
}

/** Random letters change between small and capital ones more often than camel case does. */
function areWords(letters: string): boolean {
  const pieces = letters.replace(/([a-z])([A-Z])/g, "$1 $2").split(" ");
  const least = letters.length <= MAX_WORD ? 3 : 5;
  return (
    Math.max(...pieces.map((piece) => piece.length)) <= MAX_WORD &&
    (pieces.length - 1) * least <= letters.length
  );
}

function bytes(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
