/** Which activities are sign-ins, and which of them failed: what the server's reports count. */
import { literally } from "../filters/terms";
import type { Dates } from "./window";

export const SIGN_INS = { action_filter: "user_login,login" } as const;
export const FAILED_SIGN_INS = { ...SIGN_INS, success_filter: "failure" } as const;

interface Attempts {
  user?: string | null;
  tenant?: string | null;
  /** An address or a network. */
  from?: string | null;
  dates: Dates;
}

/** The failed sign-ins of a row, as the log filters them. */
export const failuresOf = ({ user, tenant, from, dates }: Attempts): Record<string, string> => ({
  ...FAILED_SIGN_INS,
  ...(user && { user_id: literally(user) }),
  ...(tenant && { tenant_id: literally(tenant) }),
  ...(from && { ip: literally(from) }),
  ...dates,
});
