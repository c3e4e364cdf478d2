/** What compiles and what does not: `tsc` alone reads this file, and an expected error that is missing is one. */
import {
  type Activity,
  ActivityActions,
  type AdminActivity,
  type CamelActivity,
  logActivity,
  type NewActivity,
  record,
} from "../src/index.js";
import { requestContext } from "../src/next.js";

declare const request: Request;
declare const snake: Activity;
declare const camel: CamelActivity;
declare const admin: AdminActivity;
declare const either: Activity | AdminActivity;
declare const metadata: { email: string; age?: number };
declare const action: string;

/** The three shapes, also as variables. */
for (const activity of [snake, camel, admin, either]) record(activity);
const custom = { ...ActivityActions, CUSTOM_ACTION: "custom_action" } as const;
record({ user_id: "u", action_type: "user_login", status_code: 401 });
record({ userId: "u", actionType: "invoice_sent", targetResourceId: 7, durationMs: 12.5 });
logActivity({
  adminId: 1n,
  action: custom.CUSTOM_ACTION,
  entityId: null,
  ipAddress: undefined,
  metadata: null,
});
logActivity({ adminId: "a", action: "x", ...requestContext(request, { trustProxy: 1 }) });
logActivity({
  adminId: "a",
  action: "x",
  metadata,
  changes: { a: { from: 1, to: 2 } },
  timestamp: new Date(),
});

/** Mixed names. */
record({ userId: "u", action: "api_operation" });
record({ user_id: "u", action, entityType: "user" });
record({ userId: "u", action_type: "user_login", statusCode: 401 });
logActivity({ adminId: "a", action: "x", targetUserId: "u-2", details: { a: 1 } });

/** One user and one action, beside names that say nothing. */
record({ adminId: null, userId: "u", action: "x" });
record({ adminId: undefined, userId: "u", action: "x" });
record({ adminId: undefined, userId: null, user_id: "u", action_type: "x", actionType: undefined });
const nameless = { adminId: undefined, user_id: undefined, userId: "u", action: "x", actionType: null };
record(nameless);

/** No user. */
// @ts-expect-error
record({ action: "x" });
// @ts-expect-error: who has not signed in has to be given a name, such as anon-…
record({ adminId: undefined, action: "x" });
// @ts-expect-error
record({ userId: null, action: "x" });

/** No action. */
// @ts-expect-error
record({ adminId: "a", userId: "u" });
// @ts-expect-error
record({ adminId: "a", acton: "x" });

/** Two users, or two actions: which one is meant? */
// @ts-expect-error
record({ adminId: "a", userId: "u", action: "x" });
// @ts-expect-error
record({ userId: "u", action: "x", actionType: "y" });

/** Fields that do not exist, and values of another kind. */
// @ts-expect-error
record({ userId: "u", action: "x", entity: "user" });
// @ts-expect-error
record({ userId: "u", action: "x", statusCode: "401" });
// @ts-expect-error
export const notAnActivity: NewActivity = "text";
