/**
 * What is given up at the end of a client or a process. What was never sent, or not stored by what the server said, is
 * lost. What was sent and not acknowledged may be stored all the same: the answer may be on its way.
 */
import { LivetrailError } from "../errors.js";
import type { Answer } from "./request.js";

/** Whether a server that gives this answer, or none, may have stored what it was sent. */
export function mayHaveStored(answer: Answer | Error): boolean {
  if (answer instanceof Error) return !NOT_CONNECTED.has(String((answer.cause as { code?: unknown })?.code));
  // Livetrail says 503 while it stores nothing. The others come from proxies, too, which do not know.
  return answer.status >= 500 && answer.status !== 503;
}

/** Codes of Node for a request that did not reach a server. */
const NOT_CONNECTED = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** How many are given up, of each kind. */
export interface GivenUp {
  dropped: number;
  unacknowledged: number;
}

/** Says how many are given up by an end, each kind for itself. */
export function givenUp(end: string, { dropped, unacknowledged }: GivenUp): LivetrailError[] {
  const errors: LivetrailError[] = [];
  if (dropped > 0) {
    const message = `${end} before ${counted(dropped)} sent: lost`;
    errors.push(new LivetrailError("closed", message, { count: dropped }));
  }
  if (unacknowledged > 0) {
    const they = unacknowledged === 1 ? "it" : "they";
    const message = `${end} before ${counted(unacknowledged)} acknowledged: ${they} may be stored`;
    errors.push(new LivetrailError("unacknowledged", message, { count: unacknowledged }));
  }
  return errors;
}

/** Of one, "1 activity was". */
function counted(count: number): string {
  return count === 1 ? "1 activity was" : `${count} activities were`;
}
