import { afterEach, describe, expect, it, vi } from "vitest";
import { problem, stored } from "./support/scripted-server.js";
import { activity, world } from "./support/world.js";

afterEach(() => vi.unstubAllEnvs());

/** What the console is told. */
function listening() {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  return () => warn.mock.calls.map(([said]) => String(said)).join("\n");
}

describe("debug mode", () => {
  it("tells the console what is recorded, sent and tried again, without the key and secrets", async () => {
    const said = listening();
    await using w = await world((request, index) => (index === 0 ? problem(503) : stored(request)), {
      debug: true,
      key: "lt_secret",
    });
    w.client.record({ ...activity("ada"), details: { password: "hunter2" } });
    await w.client.flush();
    for (const part of [w.server.url, '"user_id":"ada"', "503 after", "again in", "201 after", "unreachable"])
      expect(said()).toContain(part);
    expect(said()).not.toMatch(/lt_secret|hunter2/);
  });

  it("is switched on by the environment, and says why nothing is recorded", async () => {
    vi.stubEnv("LIVETRAIL_DEBUG", "1");
    vi.stubEnv("LIVETRAIL_KEY", "");
    const said = listening();
    await using w = await world(undefined, { key: undefined });
    w.client.record(activity("ada"));
    expect(said()).toContain("not recorded: there is no key");
  });

  it("is off by default", async () => {
    const said = listening();
    await using w = await world();
    w.client.record(activity("ada"));
    await w.client.flush();
    expect(said()).toBe("");
  });
});
