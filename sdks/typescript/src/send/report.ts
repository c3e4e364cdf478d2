import { call } from "../callback.js";
import type { Debug } from "../debug.js";
import type { LivetrailError } from "../errors.js";

/** Complaints of one kind go to the console once a minute: logging must not drown an application's own log. */
const QUIET_MS = 60_000;

/** Tells the application about an error, or warns on the console where it does not want to know. Never throws. */
export function reporter(
  onError: ((error: LivetrailError) => void) | undefined,
  debug: Debug,
): (error: LivetrailError) => void {
  const said = new Map<string, number>();
  return (error) => {
    try {
      debug(() => `${error.code}: ${error.message}`);
      if (onError) {
        call(() => onError(error));
        return;
      }
      // A total is said, although the first loss was.
      const kind = `${error.code} ${error.status ?? ""} ${error.count > 1}`;
      const now = Date.now();
      if (now - (said.get(kind) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
      said.set(kind, now);
      console.warn(`livetrail: ${error.message}`);
    } catch {
      // Recording goes on, although the callback failed.
    }
  };
}
