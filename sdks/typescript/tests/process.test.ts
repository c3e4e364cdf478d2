/** The built package in processes of its own: what a script sees that ends. */
import { execFile } from "node:child_process";
import { describe, expect, it } from "vitest";
import { problem, type Script, ScriptedServer, stored } from "./support/scripted-server.js";

const ACTIVITY = "{ user_id: 'u', action_type: 'test' }";

/** Runs a script in the package's folder, so that it finds the package by its name. */
async function run(kind: "module" | "commonjs", code: string, script?: Script) {
  await using server = await ScriptedServer.start(script);
  const env = { PATH: process.env.PATH, LIVETRAIL_URL: server.url, LIVETRAIL_KEY: "k" };
  const began = performance.now();
  const { status, output } = await new Promise<{ status: unknown; output: string }>((resolve) => {
    const cwd = new URL("..", import.meta.url);
    execFile(process.execPath, [`--input-type=${kind}`, "-e", code], { cwd, env }, (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, output: stdout + stderr }),
    );
  });
  return { status, output, took: performance.now() - began, sent: server.received };
}

describe.concurrent("a script", () => {
  it("that just ends has sent what it recorded", async () => {
    const { status, sent, output } = await run(
      "module",
      `import { record } from "@livetrail/sdk"; record(${ACTIVITY});`,
    );
    expect({ status, output, requests: sent.length }).toEqual({ status: 0, output: "", requests: 1 });
  });

  it("may be CommonJS", async () => {
    const code = `const { logActivity } = require("@livetrail/sdk"); require("@livetrail/sdk/next"); logActivity(${ACTIVITY});`;
    const { status, sent, output } = await run("commonjs", code);
    expect({ status, output, requests: sent.length }).toEqual({ status: 0, output: "", requests: 1 });
  });

  it("that ends while the server is away sends when it is back, before it ends", async () => {
    const code = `Math.random = () => 1; import("@livetrail/sdk").then(({ record }) => record(${ACTIVITY}));`;
    const { status, sent } = await run("module", code, (request, index) =>
      index === 0 ? "network error" : stored(request),
    );
    expect({ status, requests: sent.length }).toEqual({ status: 0, requests: 2 });
  });

  it("ends soon, and says what is lost, if the server stays away", async () => {
    const code = `import { record } from "@livetrail/sdk"; record(${ACTIVITY});`;
    const { status, output, took } = await run("module", code, () => problem(503, { "retry-after": "60" }));
    expect(status).toBe(0);
    expect(output).toContain("the process ends before 1 activities were sent");
    expect(took).toBeLessThan(6_000);
  });

  it("shares one client between both kinds of module", async () => {
    const code = `
      import { createRequire } from "node:module";
      import { livetrail } from "@livetrail/sdk";
      const other = createRequire(import.meta.url)("@livetrail/sdk");
      console.log(livetrail() === other.livetrail());`;
    expect((await run("module", code)).output).toBe("true\n");
  });
});
