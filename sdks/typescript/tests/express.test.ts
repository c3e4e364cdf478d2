import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { activityMiddleware } from "../src/express.js";
import { delegateOf, Livetrail, type LivetrailError } from "../src/index.js";
import { gate, ScriptedServer } from "./support/scripted-server.js";

describe("activityMiddleware", () => {
  it("records each response that is described, with what the request tells", async () => {
    await using log = await ScriptedServer.start();
    const client = new Livetrail({ url: log.url, key: "k" });
    const middleware = activityMiddleware({
      client,
      describe: ({ url }) =>
        url === "/health" ? null : { userId: "u-1", action: "document_upload", entityId: 7 },
    });
    const app = createServer((request, response) => {
      middleware(request, response, () => response.writeHead(413).end());
    });
    await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    const headers = { "user-agent": "curl/8", connection: "close", "x-forwarded-for": "6.6.6.6" };
    await fetch(`${url}/documents?token=x`, { method: "PUT", headers, body: "x" });
    await fetch(`${url}/health`, { headers });
    await new Promise((resolve) => app.close(resolve));
    await client.close();
    expect(log.activities).toMatchObject([
      {
        user_id: "u-1",
        action_type: "document_upload",
        target_resource_id: "7",
        endpoint: "/documents",
        http_method: "PUT",
        status_code: 413,
        ip_address: "127.0.0.1",
        user_agent: "curl/8",
        duration_ms: expect.any(Number),
      },
    ]);
  });

  it("survives a description that throws, and says why nothing was recorded", async () => {
    await using log = await ScriptedServer.start();
    const errors: LivetrailError[] = [];
    const client = new Livetrail({ url: log.url, key: "k", onError: (error) => errors.push(error) });
    const nobody: { user?: { id: string } } = {};
    const describe = () => ({ userId: (nobody.user as { id: string }).id, action: "api_operation" });
    const url = await serving(activityMiddleware({ client, describe }), (response) => response.end("ok"));
    expect(await (await fetch(url, { headers: { connection: "close" } })).text()).toBe("ok");
    await expect.poll(() => errors.map(({ code }) => code)).toEqual(["invalid"]);
    expect(errors[0]?.cause).toBeInstanceOf(TypeError);
    expect(client.stats.rejected).toBe(1);
    await client.close();
  });

  it("awaits a description, as do flush and close, and keeps what the request told before", async () => {
    await using log = await ScriptedServer.start();
    const client = new Livetrail({ url: log.url, key: "k" });
    const found = gate();
    let described = 0;
    const describe = async () => {
      described += 1;
      await found.opened;
      return { userId: "u-1", action: "api_operation" };
    };
    const url = await serving(activityMiddleware({ client, describe }), (response) => response.end("ok"));
    await fetch(url, { headers: { connection: "close", "user-agent": "curl/8" } });
    await expect.poll(() => described).toBe(1);
    const flushed = client.flush();
    const closed = client.close();
    found.open();
    expect(await Promise.all([flushed, closed])).toEqual([true, true]);
    expect(log.activities).toMatchObject([
      { user_id: "u-1", user_agent: "curl/8", ip_address: "127.0.0.1", status_code: 200 },
    ]);
  });

  it("does not let a description that never comes hold up what was recorded", async () => {
    await using log = await ScriptedServer.start();
    const client = new Livetrail({ url: log.url, key: "k", requestIntervalMs: 3_600_000 });
    let described = 0;
    const describe = () => {
      described += 1;
      return new Promise<null>(() => {});
    };
    const url = await serving(activityMiddleware({ client, describe }), (response) => response.end("ok"));
    await fetch(url, { headers: { connection: "close" } });
    await expect.poll(() => described).toBe(1);
    for (const name of ["first", "second"]) {
      client.record({ user_id: name, action_type: "test" });
      const flushed = client.flush(name === "first" ? 1 : 500);
      if (name === "first") await log.arrived(1);
      expect(await flushed).toBe(false);
    }
    expect(log.activities).toMatchObject([{ user_id: "first" }, { user_id: "second" }]);
    await client.close(0);
  });

  it("says why nothing was recorded where a description rejects, and records nothing for none", async () => {
    await using log = await ScriptedServer.start();
    const errors: LivetrailError[] = [];
    const client = new Livetrail({ url: log.url, key: "k", onError: (error) => errors.push(error) });
    const answers = [async () => null, () => undefined, () => Promise.reject(new TypeError("no session"))];
    const describe = () => answers.shift()?.();
    const url = await serving(activityMiddleware({ client, describe }), (response) => response.end("ok"));
    for (let count = 0; count < 3; count += 1) await fetch(url, { headers: { connection: "close" } });
    await expect.poll(() => errors.map(({ code }) => code)).toEqual(["invalid"]);
    expect(errors[0]?.cause).toBeInstanceOf(TypeError);
    expect(await client.close()).toBe(false);
    expect(log.activities).toEqual([]);
  });

  it("names the party that acted in the user's name, unless the description does", async () => {
    await using log = await ScriptedServer.start();
    const client = new Livetrail({ url: log.url, key: "k" });
    const own = [
      {},
      { delegateId: "nightly", delegateType: "service" as const },
      { delegateId: undefined, delegateType: null, via: null },
    ];
    const describe = () => ({ userId: "u-1", action: "api_operation", ...own.shift() });
    const claims = { sub: "u-1", act: { sub: "deploy-bot" } };
    const delegate = (request: IncomingMessage) =>
      request.url === "/plain" ? null : { ...delegateOf(claims), delegateType: "agent" as const, via: "mcp" };
    const middleware = activityMiddleware({ client, describe, delegate });
    const url = await serving(middleware, (response) => response.end("ok"));
    for (const path of ["/a", "/b", "/c", "/plain"]) {
      await fetch(url + path, { headers: { connection: "close" } });
      await client.flush();
    }
    await client.close();
    const named = log.activities.map(({ endpoint, delegate_id, delegate_type, via }) => ({
      endpoint,
      delegate_id,
      delegate_type,
      via,
    }));
    expect(named).toEqual([
      { endpoint: "/a", delegate_id: "deploy-bot", delegate_type: "agent", via: "mcp" },
      { endpoint: "/b", delegate_id: "nightly", delegate_type: "service", via: "mcp" },
      { endpoint: "/c", delegate_id: "deploy-bot", delegate_type: "agent", via: "mcp" },
      { endpoint: "/plain" },
    ]);
  });

  it("records an activity whose delegate cannot be read, and says why it is missing", async () => {
    await using log = await ScriptedServer.start();
    const errors: LivetrailError[] = [];
    const client = new Livetrail({ url: log.url, key: "k", onError: (error) => errors.push(error) });
    const describe = () => ({ userId: "u-1", action: "api_operation" });
    const delegate = () => {
      throw new TypeError("no token");
    };
    const middleware = activityMiddleware({ client, describe, delegate });
    const url = await serving(middleware, (response) => response.end("ok"));
    await fetch(url, { headers: { connection: "close" } });
    await expect
      .poll(() => errors.map(({ code, count }) => ({ code, count })))
      .toEqual([{ code: "invalid", count: 0 }]);
    expect(errors[0]?.cause).toBeInstanceOf(TypeError);
    expect(await client.close()).toBe(true);
    expect(log.activities).toMatchObject([{ user_id: "u-1" }]);
    expect(log.activities[0]).not.toHaveProperty("delegate_id");
  });

  it("records a request whose client has gone", async () => {
    await using log = await ScriptedServer.start();
    const client = new Livetrail({ url: log.url, key: "k" });
    const describe = () => ({ userId: "u-1", action: "document_upload" });
    const gone = new AbortController();
    const url = await serving(activityMiddleware({ client, describe }), () => gone.abort());
    await expect(fetch(url, { signal: gone.signal })).rejects.toThrow();
    await expect.poll(() => log.activities.length).toBe(1);
    await client.close();
    expect(log.activities[0]).toMatchObject({ success: false, error_type: "ClientDisconnected" });
    expect(log.activities[0]).not.toHaveProperty("status_code");
  });
});

type Middleware = ReturnType<typeof activityMiddleware<IncomingMessage, ServerResponse>>;

/** The address of an application with the middleware before its answer. */
async function serving(middleware: Middleware, answer: (response: ServerResponse) => void): Promise<string> {
  const app = createServer((request, response) => middleware(request, response, () => answer(response)));
  apps.push(app);
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
}

const apps: Server[] = [];
afterEach(() => {
  for (const app of apps.splice(0)) app.close().closeAllConnections();
});
