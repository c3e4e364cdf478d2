/** Sign-in links carry their token in the fragment, which browsers never send to a server or a proxy. */
const IN_FRAGMENT = /[#&]token=([^&\s]+)/;

/** The token of a pasted link, or of a token pasted alone. Empty when there is none. */
export function readToken(pasted: string): string {
  const text = pasted.trim();
  const match = IN_FRAGMENT.exec(text);
  if (match?.[1]) return decoded(match[1]);
  return /[\s#/]/.test(text) ? "" : text;
}

export const hasTokenInFragment = (): boolean => IN_FRAGMENT.test(window.location.hash);

/** Takes the token out of the address bar and the history, at once, before anything can fail. */
export function takeTokenFromFragment(): string | null {
  const match = IN_FRAGMENT.exec(window.location.hash);
  if (!match?.[1]) return null;
  const { pathname, search } = window.location;
  window.history.replaceState(window.history.state, "", pathname + search);
  return decoded(match[1]);
}

/** What is not a well-formed encoding is taken as it stands: the server then says that it is not a token. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
