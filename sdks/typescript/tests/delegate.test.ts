/** The party that acts in a user's name, as a token tells it. */
import { expect, it } from "vitest";
import { delegateOf } from "../src/delegate.js";
import { Redaction } from "../src/redact/redaction.js";
import { encode } from "../src/shape/encode.js";

it.each([
  [{ sub: "u-1", act: { sub: "deploy-bot" } }, { delegateId: "deploy-bot" }],
  [{ sub: "u-1", act: { sub: "deploy-bot", act: { sub: "earlier" } } }, { delegateId: "deploy-bot" }],
  [{ sub: "u-1", act: { iss: "https://idp.example" } }, {}],
  [{ sub: "u-1", act: { sub: "" } }, {}],
  [{ sub: "u-1", act: { sub: 7 } }, {}],
  [{ sub: "u-1", act: "deploy-bot" }, {}],
  [{ sub: "u-1" }, {}],
  [undefined, {}],
  [null, {}],
])("a token names the actor that acts now: %j", (claims, named) => {
  expect(delegateOf(claims)).toEqual(named);
});

it("claims that throw when they are read name nobody", () => {
  const claims = Object.defineProperty({}, "act", {
    get: () => {
      throw new Error("no");
    },
  });
  expect(delegateOf(claims)).toEqual({});
});

it("is sent under the names of the log", () => {
  const activity = {
    userId: "u-1",
    action: "a",
    ...delegateOf({ act: { sub: "bot" } }),
    delegateType: "agent",
    via: "mcp",
  } as const;
  expect(JSON.parse(encode(activity, 0, Redaction.standard()).json)).toMatchObject({
    delegate_id: "bot",
    delegate_type: "agent",
    via: "mcp",
  });
});
