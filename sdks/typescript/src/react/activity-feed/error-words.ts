/** What is wrong with a feed, and what its reader can do about it. */

export interface ErrorWords {
  title: string;
  hint: string;
}

/** The HTTP status that an error of a list or a stream carries; null: there was no answer. */
export function statusOfError(error: Error): number | null {
  const { status } = error as { status?: unknown };
  return typeof status === "number" && status > 0 ? status : null;
}

export function errorWords(error: Error): ErrorWords {
  const status = statusOfError(error);
  if (status === 401)
    return { title: "You are signed out", hint: "Sign in again. The log then opens by itself." };
  if (status === 403)
    return {
      title: "You may not see this log",
      hint: "Ask an administrator of your organization for access.",
    };
  if (status === 404)
    return { title: "There is no log here", hint: "The address of the log is wrong. Tell support." };
  if (status === 400 || status === 422)
    return { title: "The filters are not understood", hint: "Clear the filters, or change them." };
  return { title: "The log cannot be reached", hint: "It is tried again by itself." };
}
