/** Functions of the application that throw or reject: none of them may end its process. */
import { describe, expect, it } from "vitest";
import { run } from "./support/script.js";
import { problem, type Script, stored } from "./support/scripted-server.js";

const PREFIX = `
  import { EventEmitter } from "node:events";
  import { ActivityStream, Livetrail } from "@livetrail/sdk";
  import { activityMiddleware } from "@livetrail/sdk/express";
  import { withActivity } from "@livetrail/sdk/next";
  const fails = async () => { throw new Error("of the application"); };
  const throws = () => { throw new Error("of the application"); };
  const activity = { user_id: "u", action_type: "test" };
  const request = Object.assign(new EventEmitter(), { headers: {}, socket: {} });
  const close = (middleware) => { middleware(request, request, () => {}); request.emit("close"); };
  const handle = (options) =>
    withActivity(options.handler ?? (() => new Response()), { action: "a", ...options })(new Request("http://x/"));
  class Source extends EventTarget {
    readyState = 1;
    constructor() {
      super();
      const send = (type, data) =>
        this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId: type }));
      setImmediate(() => {
        send("open");
        send("message", { type: "new_activity", data: { position: 1 } });
        send("message", { type: "reset", reason: "" });
        send("message", { type: "alert", data: {} });
        send("heartbeat", {});
        send("error");
      });
    }
    close() {}
  }
  const stream = (callback) => new ActivityStream({
    EventSource: Source, onActivity: callback, onStatus: callback, onReset: callback, onAlert: callback,
    onCursor: callback, onError: callback,
  }).start();
`;

/** What ends a process comes after the task that caused it. */
const SUFFIX = `
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve));
  console.log("alive");
  process.exit();
`;

/** It waits until the activity is stored or given up, on a slow machine too. A `fetch` that fails is tried again. */
const record = (options: string, milliseconds = 30_000) =>
  `const client = new Livetrail(${options}); client.record(activity); await client.flush(${milliseconds})`;
const silent = "const client = new Livetrail({ onError() {} })";

const CASES: [string, string, Script?][] = [
  ["onError", record("{ onError: fails }"), () => problem(401)],
  ["beforeSend", record("{ onError() {}, beforeSend: fails }")],
  ["waitUntil", record("{ waitUntil: fails }")],
  [
    "waitUntil of a platform",
    `globalThis[Symbol.for("@vercel/request-context")] = { get: () => ({ waitUntil: fails }) }; ${record("{}")}`,
  ],
  ["fetch", record("{ onError() {}, fetch: fails }", 1_000)],
  ["toJSON of a detail", `${silent}; client.record({ ...activity, details: { a: { toJSON: fails } } })`],
  ["describe of Express", `${silent}; close(activityMiddleware({ client, describe: fails }))`],
  ["describe of Next.js", `${silent}; await handle({ client, describe: fails })`],
  [
    "a description of Next.js that cannot be read",
    `${silent}; await handle({ client, describe: () => new Proxy({}, { ownKeys: throws }) })`,
  ],
  ["no description of Next.js", `${silent}; await handle({ client, describe() {} })`],
  ["after of Next.js", `${silent}; await handle({ client, describe: () => null, after: fails })`],
  ["callbacks of a stream that throw", "stream(throws)"],
  ["callbacks of a stream that reject", "stream(fails)"],
  [
    "the token of a stream",
    "new ActivityStream({ EventSource: Source, token: fails, onError: throws }).start()",
  ],
];

describe.concurrent("a process survives", { timeout: 40_000 }, () => {
  for (const [name, code, script] of CASES) {
    it(name, async () => {
      const { status, output } = await run("module", `${PREFIX}${code};${SUFFIX}`, script ?? stored);
      expect({ status, output }).toMatchObject({
        status: 0,
        output: expect.stringMatching(/(?:^|\n)alive\n$/),
      });
    });
  }
});
