import { expect, it } from "vitest";
import { facets } from "../test/sample";
import { completionsOf } from "./completion";
import { readToken } from "./token-text";
import { NO_FILTER } from "./view";

const KNOWN = {
  filter: NO_FILTER,
  me: "me",
  now: 1_800_000_000,
  textSearch: true,
  facets: facets({
    action_type: [
      { value: "user_login", label: "User login", count: 5 },
      { value: "login", label: "Login", count: 2 },
    ],
    user: [{ value: "u-12", label: "Ada", count: 3 }],
  }),
};
const offered = (text: string) =>
  completionsOf({ ...KNOWN, text }).map(({ label, not, value }) =>
    `${label}${not ? " not" : ""} ${value}`.trim(),
  );

it("offers at first what is left out most often", () => {
  expect(offered("").slice(0, 2)).toEqual(["not read by me", "not by me"]);
});

it("searches for a text by default, and in messages after that", () => {
  expect(offered("login").slice(0, 3)).toEqual(["search “login”", "text “login”", "action user_login"]);
});

it("does not offer the search in messages where the server has it switched off", () => {
  const all = (text: string) =>
    completionsOf({ ...KNOWN, text, textSearch: false }).map(({ label }) => label);
  for (const text of ["", "login", "te"]) expect(all(text)).not.toContain("text");
});

it("takes an address for what it is", () => {
  expect(offered("203.0.113.0/24")[0]).toBe("ip 203.0.113.0/24");
});

it("offers the values of a field, an exact one first, and what was typed after them", () => {
  expect(offered("-action:login")).toEqual(["action not login", "action not user_login"]);
  expect(offered("action:log")).toEqual(["action user_login", "action login", "action log"]);
});

it("offers an id first as it was typed, though others begin with it", () => {
  expect(offered("user:u-1")).toEqual(["user u-1", "user u-12"]);
  expect(offered("user:ad")[0]).toBe("user u-12");
});

it.each([
  "result:failed",
  "result:success",
  "-result:failed",
  "-result:success",
  "admins:no",
  "-admins:yes",
  "admins:",
])("offers %s first as what it says, because Enter takes that", (text) => {
  expect(completionsOf({ ...KNOWN, text })[0]?.act).toEqual({ apply: readToken(text) });
});

it("offers what a result or a flag begins with first", () => {
  expect(["result:s", "-result:s", "admins:f"].map((text) => offered(text)[0])).toEqual([
    "result success",
    "result failed",
    "not admins",
  ]);
});
