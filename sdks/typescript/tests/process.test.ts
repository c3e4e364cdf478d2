/** The built package in processes of its own: what a script sees that ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { run } from "./support/script.js";
import { gate, problem, ScriptedServer, stored } from "./support/scripted-server.js";

const ACTIVITY = "{ user_id: 'u', action_type: 'test' }";

/** The end of a process waits for its server for 2 s, in which a busy machine may not answer. Here it waits longer. */
const PATIENT_END = `
  const after = globalThis.setTimeout;
  globalThis.setTimeout = (act, delay, ...rest) => after(act, delay === 2_000 ? 30_000 : delay, ...rest);`;

/** Waits until so many clients have complained that the server refused a request: it has answered them by then. */
const untilRefused = (clients = 1) => `
  await new Promise((resolve) => {
    const { warn } = console;
    let waiting = ${clients};
    console.warn = (line) => {
      warn(line);
      waiting -= 1;
      if (waiting === 0) resolve();
    };
  })`;

/** Runs a script until it prints a line, sends it the signal, and tells how it ended. */
async function endedBy(signal: NodeJS.Signals, code: string, server: ScriptedServer) {
  const env = { PATH: process.env.PATH, LIVETRAIL_URL: server.url, LIVETRAIL_KEY: "k" };
  const cwd = new URL("..", import.meta.url);
  const script = `import { record, livetrail } from "@livetrail/sdk"; setInterval(() => {}, 1_000); ${code}; console.log("ready");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    output += text;
  });
  await once(child.stdout, "data");
  child.kill(signal);
  const [status, by] = (await once(child, "close")) as [number | null, string | null];
  return { status, by, output };
}

// One after the other: processes that start at once would keep each other waiting.
describe("a signal", { timeout: 40_000 }, () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`${signal} ends the process as ever, after what waits was sent`, async () => {
      await using server = await ScriptedServer.start((request, index) =>
        index === 0 ? problem(503) : stored(request),
      );
      const code = `${PATIENT_END} Math.random = () => 1; record(${ACTIVITY}); await livetrail().flush(100)`;
      expect(await endedBy(signal, code, server)).toMatchObject({ status: null, by: signal });
      expect(server.received).toHaveLength(2);
    });
  }

  it("that comes while the server is away ends the process soon, and the loss is told", async () => {
    await using server = await ScriptedServer.start(() => problem(503, { "retry-after": "60" }));
    const code = `record(${ACTIVITY}); record(${ACTIVITY}); ${untilRefused()}`;
    const { by, output } = await endedBy("SIGTERM", code, server);
    expect(by).toBe("SIGTERM");
    expect(output).toContain("the process ends before 2 activities were sent: lost");
  });

  it("that comes while the server does not answer tells what may be stored apart from what is lost", async () => {
    await using server = await ScriptedServer.start(() => new Promise<never>(() => {}));
    const code = `record(${ACTIVITY}); record(${ACTIVITY}); await livetrail().flush(500); record(${ACTIVITY})`;
    const { by, output } = await endedBy("SIGTERM", code, server);
    expect(by).toBe("SIGTERM");
    expect(output).toContain("the process ends before 2 activities were acknowledged: they may be stored");
    expect(output).toContain("the process ends before 1 activity was sent: lost");
  });

  it("is left to an application that listens for it, which sends meanwhile", async () => {
    const held = gate();
    await using server = await ScriptedServer.start(async (request) => {
      await held.opened;
      return stored(request);
    });
    const code = `
      record(${ACTIVITY});
      process.on("SIGTERM", async () => {
        console.error(process.listenerCount("SIGTERM"), "listener");
        const sent = await livetrail().flush(30_000);
        process.exit(sent ? 7 : 8);
      })`;
    const ended = endedBy("SIGTERM", code, server);
    await server.arrived(1);
    held.open();
    expect(await ended).toEqual({ status: 7, by: null, output: "1 listener\n" });
  });

  it("that an application listens for is no loss, however long the application goes on", async () => {
    await using server = await ScriptedServer.start((request, index) =>
      index === 0 ? problem(503, { "retry-after": "3" }) : stored(request),
    );
    const code = `
      record(${ACTIVITY});
      process.on("SIGTERM", async () => process.exit((await livetrail().flush(20_000)) ? 7 : 8));
      await livetrail().flush(100)`;
    const { status, output } = await endedBy("SIGTERM", code, server);
    expect(status).toBe(7);
    expect(output).not.toContain("lost");
  });

  it("finds no listener where nothing waits", async () => {
    await using server = await ScriptedServer.start();
    const code = `record(${ACTIVITY}); await livetrail().flush(30_000); console.error(process.listenerCount("SIGTERM"))`;
    expect(await endedBy("SIGTERM", code, server)).toEqual({ status: null, by: "SIGTERM", output: "0\n" });
  });

  it("finds no listener of either of two copies where nothing waits", async () => {
    await using server = await ScriptedServer.start();
    const code = `
      import { createRequire } from "node:module";
      const { Livetrail } = createRequire(import.meta.url)("@livetrail/sdk");
      const other = new Livetrail();
      const listeners = () => ["SIGTERM", "SIGINT", "exit", "beforeExit"].map((name) => process.listenerCount(name)).join();
      const before = listeners();
      for (let time = 0; time < 20; time += 1) {
        record(${ACTIVITY});
        other.record(${ACTIVITY});
        await (time % 2 ? livetrail() : other).flush(30_000);
        await (time % 2 ? other : livetrail()).flush(30_000);
      }
      console.error(before === listeners() ? "none left" : listeners())`;
    expect((await endedBy("SIGTERM", code, server)).output).toBe("none left\n");
  });

  it("does not keep a process alive by two copies of the package that wait for each other", async () => {
    await using server = await ScriptedServer.start(() => problem(503, { "retry-after": "60" }));
    const code = `
      import { createRequire } from "node:module";
      const { Livetrail } = createRequire(import.meta.url)("@livetrail/sdk");
      new Livetrail().record(${ACTIVITY});
      record(${ACTIVITY});
      ${untilRefused(2)}`;
    const { by, output } = await endedBy("SIGTERM", code, server);
    expect({ by, losses: output.match(/lost/g)?.length }).toEqual({ by: "SIGTERM", losses: 2 });
  });
});

describe("a script", { timeout: 40_000 }, () => {
  it("that just ends has sent what it recorded", async () => {
    const { status, sent, output } = await run(
      "module",
      `import { record } from "@livetrail/sdk"; ${PATIENT_END} record(${ACTIVITY});`,
    );
    expect({ status, output, requests: sent.length }).toEqual({ status: 0, output: "", requests: 1 });
  });

  it("may be CommonJS", async () => {
    const code = `const { logActivity } = require("@livetrail/sdk"); require("@livetrail/sdk/next"); ${PATIENT_END} logActivity(${ACTIVITY});`;
    const { status, sent, output } = await run("commonjs", code);
    expect({ status, output, requests: sent.length }).toEqual({ status: 0, output: "", requests: 1 });
  });

  it("that ends while the server is away sends when it is back, before it ends", async () => {
    const code = `${PATIENT_END} Math.random = () => 1; import("@livetrail/sdk").then(({ record }) => record(${ACTIVITY}));`;
    const { status, sent } = await run("module", code, (request, index) =>
      index === 0 ? "network error" : stored(request),
    );
    expect({ status, requests: sent.length }).toEqual({ status: 0, requests: 2 });
  });

  it("ends soon, and says what is lost, if the server stays away", async () => {
    const code = `import { record } from "@livetrail/sdk"; record(${ACTIVITY}); ${untilRefused()}`;
    // Were it to wait for the server, this test would take a minute, which it may not.
    const { status, output } = await run("module", code, () => problem(503, { "retry-after": "60" }));
    expect(status).toBe(0);
    expect(output).toContain("the process ends before 1 activity was sent: lost");
  });

  it("that calls process.exit() says what is lost", async () => {
    const code = `import { record } from "@livetrail/sdk"; record(${ACTIVITY}); process.exit(3);`;
    const { status, output } = await run("module", code);
    expect(status).toBe(3);
    expect(output).toContain("the process ends before 1 activity was sent: lost");
  });

  it("that fails says what may be lost, since its request may be on its way", async () => {
    const code = `import { record } from "@livetrail/sdk"; record(${ACTIVITY}); throw new Error("broken");`;
    const { status, output } = await run("module", code);
    expect(status).toBe(1);
    expect(output).toContain("the process ends before 1 activity was acknowledged: it may be stored");
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
