import { expect, test } from "vitest";
import { network, person } from "./subject";

test("an alert about an address is about its network", () => {
  const { isMeant } = network("203.0.113.0/24");
  expect(isMeant("network", "203.0.113.0/24")).toBe(true);
  expect(isMeant("ip_address", "203.0.113.7")).toBe(true);
  expect(isMeant("ip_address", "203.0.11.7")).toBe(false);
  expect(isMeant("user_id", "203.0.113.7")).toBe(false);
});

test("a user id is a filter's value and no grammar", () => {
  const [did, wasDoneTo] = person("!a,b\\", "t,1").parts;
  expect(did.filter).toEqual({ user_id: "\\!a\\,b\\\\", tenant_id: "t\\,1" });
  expect(wasDoneTo?.filter).toEqual({ target_user_id: "\\!a\\,b\\\\", tenant_id: "t\\,1" });
});
