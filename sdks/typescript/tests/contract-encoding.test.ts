import { describe, expect, it } from "vitest";
import { Livetrail, type NewActivity } from "../src/index.js";
import { looksLikeCredential } from "../src/redact/guess.js";
import { Redaction } from "../src/redact/redaction.js";
import { writeDetails } from "../src/shape/json.js";
import { contractCases } from "./support/contract.js";
import { ScriptedServer } from "./support/scripted-server.js";

interface Case {
  name: string;
  in: Record<string, unknown>;
  out: Record<string, unknown> | null;
  /** How many secrets of which kind. */
  counts?: Record<string, number>;
}

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What arrives when this is recorded, and how many were rejected. */
async function sent(activity: unknown) {
  await using server = await ScriptedServer.start();
  const client = new Livetrail({ url: server.url, key: "k", onError: () => {} });
  client.record(activity as NewActivity);
  await client.close();
  return { bodies: server.activities, rejected: client.stats.rejected, redacted: client.stats.redacted };
}

describe.concurrent("redaction, by the contract", () => {
  for (const { name, in: details, out, counts } of contractCases<Case>("redaction.json")) {
    it(name, async () => {
      const { bodies, redacted } = await sent({ user_id: "u-1", action_type: "test", details });
      expect(bodies.map((body) => body.details)).toEqual([out]);
      if (counts) expect(redacted).toEqual(counts);
    });
  }

  it("changes nothing in what is redacted already", () => {
    for (const { out } of contractCases<Case>("redaction.json")) {
      expect(JSON.parse(writeDetails(out, Redaction.standard()))).toEqual(out);
    }
  });

  it("leaves ordinary texts as they are", () => {
    const texts = contractCases<string>("ordinary.json");
    expect(texts.map((text) => Redaction.standard().text(text))).toEqual(texts);
  });

  it("knows session ids that could be credentials", () => {
    const ids = contractCases<{ id: string; credential: boolean }>("sessions.json");
    expect(ids.map(({ id }) => ({ id, credential: looksLikeCredential(id) }))).toEqual(ids);
  });
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
