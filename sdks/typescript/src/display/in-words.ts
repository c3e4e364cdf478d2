/** "user_login" as words: for actions that the catalogue does not know. */
export function inWords(key: string): string {
  const words = key.replace(/[_.:-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
