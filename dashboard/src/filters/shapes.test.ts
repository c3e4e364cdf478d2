import { expect, it } from "vitest";
import { classesFrom, shapeOf } from "./shapes";

it.each([
  ["203.0.113.7", "ip"],
  ["203.0.113.0/24", "ip"],
  [" 10.0.0.0/8\n", "ip"],
  ["2001:db8::1", "ip"],
  ["2001:db8:20::b0/64", "ip"],
  ["::1", "ip"],
  ["::ffff:192.0.2.1", "ip"],
  ["ada@example.org", "user_search"],
  ["req-4988aea20250401a", "request_id"],
  ["req_8fK2", "request_id"],
  ["ses-87ce2fa8", "session_id"],
  ["4bf92f3577b34da6a3ce929d0e0e4736", "trace_id"],
  ["/api/auth/login", "endpoint"],
  ["404", "status"],
  ["5XX", "status"],
])("%j is for %s", (text, field) => {
  const shape = shapeOf(text);
  expect(shape && "certain" in shape && shape.certain.field).toBe(field);
});

it.each([
  "300.1.1.1",
  "10.0.0.0/33",
  "1.2.3",
  "12:30:15",
  "999",
  "042",
  "a@b",
  "hello world",
  "contract-draft-3.docx",
  "/",
  "//cdn.example.org/x",
  "request failed",
  "",
])("%j has no shape of its own", (text) => {
  expect(shapeOf(text)).toBeNull();
});

it("an id in the form of a UUID may be of several kinds", () => {
  const shape = shapeOf("0192f0c4-8b1e-7c3a-9d2f-1234567890ab");
  expect(shape && "ids" in shape && shape.ids).toContain("session_id");
});

it("a lower bound of the status is its classes", () => {
  expect(classesFrom(4)).toEqual(["4xx", "5xx"]);
  expect(shapeOf("≥500")).toEqual({ certain: { field: "status", not: false, values: ["5xx"] } });
});
