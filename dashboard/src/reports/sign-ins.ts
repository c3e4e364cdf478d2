/** Which activities are sign-ins, and which of them failed: what the server's reports count. */
import { literally } from "../filters/terms";

export const SIGN_INS = { action_filter: "user_login,login" } as const;
export const FAILED_SIGN_INS = { ...SIGN_INS, success_filter: "failure" } as const;

interface Attempts {
  user?: string | null;
  tenant?: string | null;
  /** An address or a network. */
  from?: string | null;
  since: number | null;
}

/** The failed sign-ins of a row, as the log filters them. */
export const failuresOf = ({ user, tenant, from, since }: Attempts): Record<string, string> => ({
  ...FAILED_SIGN_INS,
  ...(user && { user_id: literally(user) }),
  ...(tenant && { tenant_id: literally(tenant) }),
  ...(from && { ip: literally(from) }),
  ...(since !== null && { date_from: String(since) }),
});
