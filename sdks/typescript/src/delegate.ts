/** The party that acts in a user's name, as a token tells it. */
import { partOf } from "./runtime.js";

/** To be spread into an activity. */
export interface DelegateContext {
  delegateId?: string;
}

/**
 * The delegate that the claims of a verified token name by `act` (RFC 8693, section 4.1); empty without one. An `act`
 * inside of `act` names who acted before: the outermost party is the one that acts now.
 */
export function delegateOf(claims: unknown): DelegateContext {
  const subject = partOf<unknown>(partOf<unknown>(claims, "act"), "sub");
  return typeof subject === "string" && subject !== "" ? { delegateId: subject } : {};
}
