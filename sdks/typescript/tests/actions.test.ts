import { describe, expect, expectTypeOf, it } from "vitest";
import { type ActivityAction, ActivityActions, type NewActivity } from "../src/index.js";

describe("ActivityActions", () => {
  it("may be joined by an application's own", () => {
    const Own = { ...ActivityActions, CUSTOM_ACTION: "custom_action" } as const;
    expectTypeOf(Own.CUSTOM_ACTION).toExtend<ActivityAction>();
    expectTypeOf<"user_created">().toExtend<ActivityAction>();
    expect(Own.CUSTOM_ACTION).toBe("custom_action");
  });
});

describe("the type of an activity", () => {
  it("has every shape, with what headers and sessions may not have", () => {
    const header: string | null = null;
    const session: string | undefined = undefined;
    const shapes: NewActivity[] = [
      { user_id: "u", action_type: "user_login", ip_address: header, status_code: 200 },
      { userId: 7, actionType: "user_login", ipAddress: header, sessionId: session },
      { adminId: "a", action: ActivityActions.LOGIN, entityId: 7, ipAddress: header, durationMs: 3 },
    ];
    expect(shapes).toHaveLength(3);
    // @ts-expect-error An activity has a user.
    const nobody: NewActivity = { action: "x" };
    // @ts-expect-error There is no such field.
    const misspelt: NewActivity = { adminId: "a", action: "x", metdata: {} };
    expect([nobody, misspelt]).toHaveLength(2);
  });
});
