import { secondsOf } from "../alerts/times";
import type { KeyInfo } from "../api/types";

export const STALE_DAYS = 90;

/** A key without a use for so long is worth a question. */
export const isStale = ({ last_used_at, created_at }: KeyInfo, now: number): boolean =>
  now - secondsOf(last_used_at ?? created_at) > STALE_DAYS * 86_400;

/** A key whose time is over. It opens nothing, and stays in the list until it is revoked. */
export const isOver = ({ expires_at }: KeyInfo, now: number): boolean =>
  expires_at !== null && secondsOf(expires_at) <= now;
