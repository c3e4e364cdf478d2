/** A user of the directory as JSON. */
import { LivetrailError } from "../errors.js";
import { MAX_TEXT, PROFILE_TEXT } from "../limits.js";
import { clean, cut } from "../text.js";

/** What to call a user. */
export interface UserNames {
  email?: string | null | undefined;
  displayName?: string | null | undefined;
}

export interface EncodedUser {
  id: string;
  json: string;
  /** Where it is put. */
  userPath: string;
}

/** Encodes a user. Throws a [`LivetrailError`] `invalid` where there is no id. */
export function encodeUser(given: string | number | bigint, names: UserNames): EncodedUser {
  const id = oneLine(given, MAX_TEXT.user_id);
  if (!id) throw new LivetrailError("invalid", "a user needs an id");
  const json = JSON.stringify({
    email: oneLine(names.email, PROFILE_TEXT),
    display_name: oneLine(names.displayName, PROFILE_TEXT),
  });
  return { id, json, userPath: `/api/users/${encodeURIComponent(id)}` };
}

function oneLine(given: string | number | bigint | null | undefined, most: number): string | null {
  return cut(clean(String(given ?? "")).replace(/[\t\n]/g, " "), most) || null;
}
