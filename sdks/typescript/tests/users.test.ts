import { describe, expect, it } from "vitest";
import { problem } from "./support/scripted-server.js";
import { activity, world } from "./support/world.js";

describe("users", () => {
  it("are put under their id, in order with the activities", async () => {
    await using w = await world();
    w.client.record(activity("a"));
    w.client.putUser("b/ü", { email: "b@example.com", displayName: "B\0" });
    w.client.record(activity("b/ü"));
    await w.client.flush();
    expect(w.server.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /api/activity",
      "PUT /api/users/b%2F%C3%BC",
      "POST /api/activity",
    ]);
    expect(w.server.received[1]?.body).toEqual({ email: "b@example.com", display_name: "B" });
    expect(w.client.stats).toMatchObject({ sent: 2, queued: 0 });
  });

  it("that cannot be read do not disturb the application", async () => {
    await using w = await world();
    w.client.putUser("", { displayName: "U" });
    w.client.putUser("u", undefined as never);
    const hostile = {
      toString: () => {
        throw new Error("no");
      },
    };
    w.client.putUser(hostile as never, {});
    expect(w.errors.map(({ code }) => code)).toEqual(["invalid", "invalid", "invalid"]);
    expect(w.client.stats).toMatchObject({ rejected: 0, queued: 0 });
    expect(await w.client.flush()).toBe(false);
  });

  it("that are refused are told of, and count as no activity", async () => {
    await using w = await world(() => problem(422));
    w.client.putUser("u", { displayName: "U" });
    await w.client.flush();
    expect(w.errors).toMatchObject([{ code: "refused", message: expect.stringContaining("a user") }]);
    expect(w.client.stats).toMatchObject({ sent: 0, rejected: 0 });
  });
});
