import { expect, it } from "vitest";
import { known } from "./known";

it("a value that this version does not know stands as the API has it", () => {
  expect(known({ failed: "Failed" }, "failed")).toBe("Failed");
  expect(known({ failed: "Failed" }, "parked")).toBe("parked");
  expect(known({}, "constructor")).toBe("constructor");
});
