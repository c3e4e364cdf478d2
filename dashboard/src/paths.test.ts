import { expect, test } from "vitest";
import { nameOf, personAddress, resourceAddress, SUBJECT_PATHS } from "./paths";

const NAMES = ["u-1", "a/b", "..", ".", "~", "~..", "100%", "%2F", "a b?c#d", "é", "‮x"];

test.each(NAMES)("a browser keeps %j in an address", (name) => {
  const { pathname } = new URL(personAddress(name), "http://dashboard.test");
  expect(pathname).toMatch(SUBJECT_PATHS);
  expect(nameOf(pathname.slice("/admin/people/".length))).toBe(name);
  const [, , , type, id] = new URL(resourceAddress(name, name), "http://dashboard.test").pathname.split("/");
  expect([nameOf(type ?? ""), nameOf(id ?? "")]).toEqual([name, name]);
});

test("what is not an escape is taken as it is", () => {
  expect(nameOf("100%")).toBe("100%");
});

test("a person of a tenant has another address", () => {
  expect(personAddress("u-1", "acme")).toBe("/admin/people/u-1?tenant_id=acme");
});
