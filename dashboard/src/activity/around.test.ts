import { expect, it } from "vitest";
import { NO_FILTER } from "../filters/view";
import { activity } from "../test/sample";
import { aroundOf } from "./around";

it("shows five minutes before and after an activity, and everything in them", () => {
  const view = aroundOf(activity(1, { timestamp: 1_000_000 }), { ...NO_FILTER, q: "ada", tenant_id: "acme" });
  expect(view).toMatchObject({
    date_from: 999_700,
    date_to: 1_000_300,
    activity: "id-1",
    q: "",
    tenant_id: "acme",
  });
});
