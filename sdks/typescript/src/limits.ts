/** The server's limits that matter to a sender. Lengths are in characters unless a name says bytes. */

/** Longest text of each field; what is longer is cut. */
export const LONGEST = {
  user_id: 255,
  action_type: 50,
  endpoint: 255,
  http_method: 10,
  error_message: 8_000,
  error_type: 100,
  target_user_id: 255,
  target_resource_id: 255,
  resource_type: 50,
  user_agent: 1_024,
  session_id: 255,
  request_id: 128,
  trace_id: 64,
  tenant_id: 128,
} as const;

/** Longest session id that is a token, of which the server keeps only a keyed hash. */
export const SESSION_TOKEN = 8_192;

/** Largest `details` or `changes`, as compact JSON. */
export const JSON_BYTES = 64 * 1024;

/** Deepest nesting of `details` and `changes`, themselves included. */
export const JSON_DEPTH = 64;

/** Largest duration or count. */
export const COUNT = 2 ** 31 - 1;

/** A number of epoch seconds from here on is milliseconds, which is what JavaScript counts in. */
export const LOOKS_LIKE_MILLISECONDS = 1e11;

/** Longest e-mail address or display name of the user directory. */
export const PROFILE_TEXT = 320;
