/** Keys in words as the server's sentences have them (`catalogue/words.rs`): `two_factor_enabled` reads "two factor enabled". */

/** Words of keys that are written in capitals. */
const CAPITALS: ReadonlySet<string> = new Set(["AI", "API", "CSV", "ID", "IP", "PDF", "SSO", "URL"]);

export const keyInWords = (key: string): string =>
  key
    .split(/[_.:\- ]/)
    .filter(Boolean)
    .map(partInWords)
    .join(" ");

function partInWords(part: string): string {
  const capitals = part.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  if (CAPITALS.has(capitals)) return capitals;
  // `documentShared` is two words as well.
  return part.replace(/(?<=[a-z])(?=[A-Z])/g, " ").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
