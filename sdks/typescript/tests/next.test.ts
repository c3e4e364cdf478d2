import { describe, expect, it } from "vitest";
import { ActivityActions, Livetrail, type LivetrailError, type LivetrailOptions } from "../src/index.js";
import { requestContext, type WithActivityOptions, withActivity } from "../src/next.js";
import { gate, ScriptedServer, stored } from "./support/scripted-server.js";

const JSON_POST = { method: "POST", headers: { "user-agent": "curl/8", "x-forwarded-for": "203.0.113.9" } };

function request(headers: Record<string, string> = {}): Request {
  return new Request("https://app.example/api/users?token=x", {
    ...JSON_POST,
    headers: { ...JSON_POST.headers, ...headers },
  });
}

/** What is sent for one request to a handler, and what came of the handler. */
async function handled(
  handler: (request: Request, context: unknown) => Response | Promise<Response>,
  options: Partial<WithActivityOptions<Request, unknown>> = {},
  clientOptions: LivetrailOptions = {},
) {
  await using server = await ScriptedServer.start();
  const client = new Livetrail({ url: server.url, key: "k", onError: () => {}, ...clientOptions });
  const describe = () => ({ adminId: "a-1", entityType: "user", entityId: "u-7" });
  const wrapped = withActivity(handler, {
    action: ActivityActions.USER_CREATED,
    describe,
    client,
    ...options,
  });
  const outcome = await wrapped(request(), { params: {} }).catch((error: unknown) => error);
  // What the wrapper notes it notes after it has answered.
  await new Promise((resolve) => setImmediate(resolve));
  await client.close();
  return { outcome, sent: server.activities };
}

describe("withActivity", () => {
  it("records who did what, how it was answered and how long it took", async () => {
    const { outcome, sent } = await handled(() => Response.json({ ok: true }, { status: 201 }), {
      trustProxy: true,
    });
    expect(outcome).toMatchObject({ status: 201 });
    expect(sent).toMatchObject([
      {
        user_id: "a-1",
        is_admin: true,
        action_type: "user_created",
        resource_type: "user",
        target_resource_id: "u-7",
        endpoint: "/api/users",
        http_method: "POST",
        status_code: 201,
        ip_address: "203.0.113.9",
        user_agent: "curl/8",
        duration_ms: expect.any(Number),
      },
    ]);
  });

  it("records what the handler threw, and throws it on", async () => {
    const failure = new RangeError("too many");
    const { outcome, sent } = await handled(() => Promise.reject(failure));
    expect(outcome).toBe(failure);
    expect(sent).toMatchObject([{ status_code: 500, success: false, error_type: "RangeError" }]);
  });

  it("stores the words of an exception only if it is told to", async () => {
    const typed = new Error("no account for ada@example.com");
    const failing = () => Promise.reject(typed);
    const silent = await handled(failing, { describe: failing });
    expect(JSON.stringify(silent.sent)).not.toContain("ada@example.com");
    expect(silent.sent).toMatchObject([{ error_type: "Error", details: { describe: "Error" } }]);
    const told = await handled(failing, { includeErrorMessage: true });
    expect(told.sent).toMatchObject([{ error_type: "Error", error_message: typed.message }]);
  });

  it("knows what Next.js throws to redirect and to say that there is nothing", async () => {
    const thrown = async (digest: string) => {
      const { sent } = await handled(() => Promise.reject(Object.assign(new Error(digest), { digest })));
      return sent.map(({ status_code, error_message }) => [status_code, error_message]);
    };
    expect(await thrown("NEXT_REDIRECT;replace;/login;303;")).toEqual([[303, undefined]]);
    expect(await thrown("NEXT_HTTP_ERROR_FALLBACK;403")).toEqual([[403, undefined]]);
    expect(await thrown("NEXT_NOT_FOUND")).toEqual([[404, undefined]]);
  });

  it("gives the handler's answer and context to `describe`, and records nothing for null", async () => {
    const described: unknown[] = [];
    const { sent } = await handled(() => new Response(null, { status: 204 }), {
      describe: (_, response, context) => {
        described.push(response?.status, context);
        return null;
      },
    });
    expect(described).toEqual([204, { params: {} }]);
    expect(sent).toEqual([]);
  });

  it("records even if it is not known who it was", async () => {
    const failing = await handled(() => new Response(), {
      describe: () => Promise.reject(new Error("no session")),
    });
    expect(failing.outcome).toMatchObject({ status: 200 });
    expect(failing.sent).toMatchObject([{ user_id: "anon-unknown", details: { describe: "Error" } }]);
    const { sent } = await handled(() => new Response(), { describe: () => ({ userId: null }) });
    expect(sent).toMatchObject([{ user_id: "anon-unknown", status_code: 200 }]);
  });

  it("takes a description under the names of any shape", async () => {
    const shapes = [
      { adminId: "a", entityType: "user", action: "login" },
      { userId: "u", resourceType: "user", statusCode: 409 },
      { user_id: "u", resource_type: "user", status_code: 409 },
      { userId: null, user_id: "u", entityType: "user" },
    ];
    const sent = [];
    for (const shape of shapes) {
      sent.push(...(await handled(() => new Response(), { describe: () => shape })).sent);
    }
    expect(
      sent.map(({ user_id, resource_type, action_type, status_code }) => [
        user_id,
        resource_type,
        action_type,
        status_code,
      ]),
    ).toEqual([
      ["a", "user", "login", 200],
      ["u", "user", "user_created", 409],
      ["u", "user", "user_created", 409],
      ["u", "user", "user_created", 200],
    ]);
  });

  it("answers at once, and lets `after` wait until everything is sent", async () => {
    const held = gate();
    await using server = await ScriptedServer.start(async (received) => {
      await held.opened;
      return stored(received);
    });
    const client = new Livetrail({ url: server.url, key: "k" });
    const tasks: (() => Promise<unknown>)[] = [];
    const after = (task: () => Promise<unknown>) => void tasks.push(task);
    const wrapped = withActivity(() => new Response("fine"), {
      action: "custom",
      describe: () => ({ userId: "u" }),
      client,
      after,
    });
    expect(await (await wrapped(request(), undefined)).text()).toBe("fine");
    expect(tasks).toHaveLength(1);
    const finished = tasks[0]?.();
    await server.arrived(1);
    expect(client.stats.sent).toBe(0);
    held.open();
    await finished;
    expect(client.stats.sent).toBe(1);
  });

  it("is waited for by a flush while it describes", async () => {
    await using server = await ScriptedServer.start();
    const client = new Livetrail({ url: server.url, key: "k" });
    const found = gate();
    const describe = async () => {
      await found.opened;
      return { userId: "u" };
    };
    await withActivity(() => new Response(), { action: "custom", describe, client })(request(), undefined);
    const closed = client.close();
    found.open();
    expect(await closed).toBe(true);
    expect(server.activities).toMatchObject([{ user_id: "u", status_code: 200 }]);
  });

  it("leaves to Next.js what it thinks of a handler without an answer", async () => {
    const { outcome, sent } = await handled(() => undefined as never);
    expect(outcome).toBeUndefined();
    expect(sent).toMatchObject([{ user_id: "a-1" }]);
    const nothing = Object.create(null) as object;
    const thrown = await handled(() => Promise.reject(nothing), { includeErrorMessage: true });
    expect(thrown.outcome).toBe(nothing);
    expect(thrown.sent).toMatchObject([{ status_code: 500 }]);
  });

  it("tells of a description that cannot be read, and records nothing where there is none", async () => {
    const codes: string[] = [];
    const told = { onError: ({ code }: LivetrailError) => codes.push(code) };
    const unreadable = () => {
      throw new Error("no");
    };
    const description = new Proxy({}, { ownKeys: unreadable });
    expect((await handled(() => new Response(), { describe: () => description }, told)).sent).toEqual([]);
    expect(codes).toEqual(["invalid"]);
    expect((await handled(() => new Response(), { describe: () => undefined }, told)).sent).toEqual([]);
    expect(codes).toEqual(["invalid"]);
  });

  it("works where `after` cannot be called", async () => {
    const after = () => {
      throw new Error("outside of a request");
    };
    const { outcome, sent } = await handled(() => new Response(), { after });
    expect(outcome).toMatchObject({ status: 200 });
    expect(sent).toHaveLength(1);
  });
});

describe("requestContext", () => {
  const chain = { "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.0.0.1", "x-real-ip": "10.0.0.9" };
  const address = (trustProxy?: boolean | number, headers: Record<string, string> = chain) =>
    requestContext(request(headers), { trustProxy }).ipAddress;

  it("believes no header about the address unless it is told to", () => {
    expect(address()).toBeNull();
    expect(address(false)).toBeNull();
    expect(address(0)).toBeNull();
  });

  it("takes the first address, or the one that the outermost of the known proxies saw", () => {
    expect(address(true)).toBe("6.6.6.6");
    expect(address(1)).toBe("10.0.0.1");
    expect(address(2)).toBe("203.0.113.9");
    expect(address(9)).toBe("6.6.6.6");
    expect(address(true, { "x-forwarded-for": "unknown,, 203.0.113.9:80, 10.0.0.1" })).toBe("203.0.113.9:80");
    expect(address(true, { "x-forwarded-for": "unknown", "x-real-ip": "10.0.0.9" })).toBe("10.0.0.9");
    expect(address(true, { "x-forwarded-for": "", "x-real-ip": "10.0.0.9" })).toBe("10.0.0.9");
  });

  it("has the ids that a request comes with", () => {
    const ids = { "x-request-id": "r-1", traceparent: `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01` };
    expect(requestContext(request(ids))).toMatchObject({ requestId: "r-1", traceId: "ab".repeat(16) });
    expect(requestContext(request({ traceparent: "no" })).traceId).toBeNull();
  });

  it("reads a request of node:http", () => {
    const headers = {
      "user-agent": "curl/8",
      "x-forwarded-for": ["203.0.113.9", "192.0.2.1"],
      "x-request-id": "r-1",
    };
    const socket = { remoteAddress: "127.0.0.1" };
    const request = { method: "POST", url: "/documents?token=x", headers, socket };
    const facts = { userAgent: "curl/8", httpMethod: "POST", endpoint: "/documents", requestId: "r-1" };
    expect(requestContext(request)).toMatchObject({ ...facts, ipAddress: "127.0.0.1" });
    expect(requestContext(request, { trustProxy: 2 }).ipAddress).toBe("203.0.113.9");
    expect(requestContext({ headers: {} })).toMatchObject({ ipAddress: null, httpMethod: "", endpoint: "/" });
  });
});
