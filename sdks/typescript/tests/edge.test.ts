import { describe, expect, it } from "vitest";
import { inEdgeRuntime } from "./support/edge.js";
import { ScriptedServer } from "./support/scripted-server.js";

interface Sent {
  flushed: boolean;
  stats: { sent: number; queued: number };
  errors: string[];
}

const RECORD = (details: string) => `
  const errors = [];
  const client = new sdk.Livetrail({ onError: (error) => errors.push(error.message + " / " + String(error.cause)) });
  client.record({ userId: "edge", actionType: "test", details: ${details} });
  const flushed = await client.flush(2_000);
  if (!flushed) await client.close(0);
  return { flushed, stats: client.stats, errors };`;

describe.concurrent("in an edge runtime", () => {
  it("an activity is sent, with the address and the key of the environment", async () => {
    await using server = await ScriptedServer.start();
    const env = { LIVETRAIL_URL: server.url, LIVETRAIL_KEY: "k" };
    const { flushed, stats, errors } = await inEdgeRuntime<Sent>(RECORD("null"), env);
    expect({ flushed, errors, sent: stats.sent }).toEqual({ flushed: true, errors: [], sent: 1 });
    expect(server.received[0]?.headers.authorization).toBe("Bearer k");
  });

  it("a large activity is sent as it is where nothing can be compressed", async () => {
    await using server = await ScriptedServer.start();
    const env = { LIVETRAIL_URL: server.url, LIVETRAIL_KEY: "k" };
    const { flushed, errors } = await inEdgeRuntime<Sent>(RECORD("{ k: 'v'.repeat(5_000) }"), env);
    expect({ flushed, errors }).toEqual({ flushed: true, errors: [] });
    expect(server.received[0]?.headers["content-encoding"]).toBeUndefined();
    expect(server.activities).toMatchObject([{ details: { k: "v".repeat(5_000) } }]);
  });
});

describe("Cloudflare Workers", () => {
  const record = `
    const client = new sdk.Livetrail({ requestIntervalMs: 3_600_000 });
    for (const userId of ["a", "b"]) client.record({ userId, actionType: "test" });
    await Promise.all(globalThis.tasks ?? []);
    const { sent, queued } = client.stats;
    if (queued > 0) await client.close();
    return { sent, asked: globalThis.tasks?.length ?? 0 };`;

  it("are asked to wait until what was recorded is sent", async () => {
    await using server = await ScriptedServer.start();
    const env = { LIVETRAIL_URL: server.url, LIVETRAIL_KEY: "k" };
    const platform = "export const waitUntil = (task) => (globalThis.tasks ??= []).push(task);";
    const modules = { "cloudflare:workers": platform };
    const result = await inEdgeRuntime(record, env, {}, "src/workerd.ts", modules);
    expect(result).toEqual({ sent: 2, asked: 2 });
  });

  it("may be older than what they would be asked with", async () => {
    await using server = await ScriptedServer.start();
    const env = { LIVETRAIL_URL: server.url, LIVETRAIL_KEY: "k" };
    const modules = { "cloudflare:workers": "export const env = {};" };
    await inEdgeRuntime(record, env, {}, "src/workerd.ts", modules);
    expect(server.activities).toHaveLength(2);
  });
});

describe("a runtime that has web streams and is not Node", () => {
  it("compresses with them", async () => {
    await using server = await ScriptedServer.start();
    const env = { LIVETRAIL_URL: server.url, LIVETRAIL_KEY: "k" };
    const { flushed } = await inEdgeRuntime<Sent>(RECORD("{ k: 'v'.repeat(5_000) }"), env, {
      CompressionStream,
    });
    expect(flushed).toBe(true);
    expect(server.received[0]?.headers["content-encoding"]).toBe("gzip");
    expect(server.activities).toMatchObject([{ details: { k: "v".repeat(5_000) } }]);
  });
});
