import { describe, expect, it } from "vitest";
import { Livetrail, type NewActivity } from "../src/index.js";
import { contractCases } from "./support/contract.js";
import { ScriptedServer } from "./support/scripted-server.js";

interface Case {
  name: string;
  in: Record<string, unknown>;
  out: Record<string, unknown> | null;
}

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What arrives when this is recorded, and how many were rejected. */
async function sent(activity: unknown) {
  await using server = await ScriptedServer.start();
  const client = new Livetrail({ url: server.url, key: "k", onError: () => {} });
  client.record(activity as NewActivity);
  await client.close();
  return { bodies: server.activities, rejected: client.stats.rejected };
}

describe.concurrent("redaction, by the contract", () => {
  for (const { name, in: details, out } of contractCases<Case>("redaction.json")) {
    it(name, async () => {
      const { bodies } = await sent({ user_id: "u-1", action_type: "test", details });
      expect(bodies.map((body) => body.details)).toEqual([out]);
    });
  }
});

describe.concurrent("the shape, by the contract", () => {
  for (const { name, in: given, out } of contractCases<Case>("shape.json")) {
    it(name, async () => {
      const { bodies, rejected } = await sent(given);
      const rest = bodies.map(({ id, timestamp, ...body }) => {
        if (given.id === undefined) expect(id).toMatch(UUID7);
        if (given.timestamp === undefined) expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
        const own = {
          ...(given.id !== undefined && { id }),
          ...(given.timestamp !== undefined && { timestamp }),
        };
        return { ...own, ...body };
      });
      expect(rest).toEqual(out ? [out] : []);
      expect(rejected).toBe(out ? 0 : 1);
    });
  }
});
