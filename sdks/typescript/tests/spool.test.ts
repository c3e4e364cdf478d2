import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { Livetrail, type LivetrailError, type LivetrailOptions } from "../src/index.js";
import { problem, ScriptedServer, stored } from "./support/scripted-server.js";
import { activity, users, world } from "./support/world.js";

const run = promisify(execFile);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "livetrail-spool-"));
  folders.push(made);
  return made;
}

/** A server that is away until it is told to be there. */
async function away(options: LivetrailOptions = {}) {
  let isAway = true;
  const server = await ScriptedServer.start((request) => (isAway ? problem(503) : stored(request)));
  const spoolDirectory = options.spoolDirectory ?? folder();
  const errors: LivetrailError[] = [];
  const client = (more: LivetrailOptions = {}) =>
    new Livetrail({
      url: server.url,
      key: "k",
      onError: (error) => errors.push(error),
      spoolDirectory,
      ...options,
      ...more,
    });
  const back = () => {
    isAway = false;
    server.received.length = 0;
  };
  const end = () => server[Symbol.asyncDispose]();
  return { server, client, back, errors, spoolDirectory, [Symbol.asyncDispose]: end };
}

/** A client that was closed while the server was away, with what it left on disk. */
async function left(names: readonly string[], options: LivetrailOptions = {}) {
  const w = await away(options);
  const client = w.client();
  for (const name of names) client.record(activity(name));
  await w.server.arrived(1);
  const isComplete = await client.close(0);
  return { ...w, isComplete, stats: client.stats, [Symbol.asyncDispose]: w[Symbol.asyncDispose] };
}

describe("a spool", () => {
  it("is empty again once everything is stored", async () => {
    const spoolDirectory = folder();
    await using w = await world(undefined, { spoolDirectory });
    for (const name of ["a", "b"]) w.client.record(activity(name));
    await Promise.resolve();
    expect(readdirSync(spoolDirectory)).toHaveLength(1);
    expect(await w.client.flush()).toBe(true);
    expect(readdirSync(spoolDirectory)).toEqual([]);
  });

  it("keeps what a process that is killed has recorded, and the next one sends it with the same ids", async () => {
    await using w = await away();
    const env = {
      PATH: process.env.PATH,
      LIVETRAIL_URL: w.server.url,
      LIVETRAIL_KEY: "k",
      LIVETRAIL_SPOOL_DIRECTORY: w.spoolDirectory,
    };
    const code = `import { record } from "@livetrail/sdk"; setInterval(() => {}, 1_000);
      for (const user_id of ["a", "b", "c"]) record({ user_id, action_type: "test" });`;
    const cwd = new URL("..", import.meta.url);
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], { cwd, env, stdio: "ignore" });
    await w.server.arrived(1);
    const ids = w.server.received[0]?.activities.map(({ id }) => id);
    // As long as that process lives, no other process sends what is its own.
    const early = w.client();
    expect(early.stats.queued).toBe(0);
    await early.close();
    child.kill("SIGKILL");
    await once(child, "exit");
    w.back();
    const next = w.client();
    expect(await next.flush()).toBe(true);
    expect(users(w.server)).toEqual(["a", "b", "c"]);
    expect(w.server.activities.map(({ id }) => id)).toEqual(ids);
    expect(next.stats).toMatchObject({ sent: 3, queued: 0 });
    expect(readdirSync(w.spoolDirectory)).toEqual([]);
    await next.close();
  });

  it("keeps what is recorded right before process.exit(), without a word about a loss", async () => {
    await using w = await away();
    const env = {
      PATH: process.env.PATH,
      LIVETRAIL_URL: w.server.url,
      LIVETRAIL_KEY: "k",
      LIVETRAIL_SPOOL_DIRECTORY: w.spoolDirectory,
    };
    const code = `import { record } from "@livetrail/sdk"; record({ user_id: "a", action_type: "test" }); process.exit(0);`;
    const cwd = new URL("..", import.meta.url);
    const { stderr } = await run(process.execPath, ["--input-type=module", "-e", code], { cwd, env });
    expect(stderr).toBe("");
    w.back();
    const next = w.client();
    expect(await next.close()).toBe(true);
    expect(users(w.server)).toEqual(["a"]);
  });

  it("keeps what a client held when it was closed, which is no loss and no success", async () => {
    await using w = await left(["a", "b"]);
    expect(w.isComplete).toBe(false);
    expect(w.stats).toMatchObject({ spooled: 2, dropped: 0, queued: 0 });
    // Whether it was already told that the server is away, is a matter of time.
    expect(w.errors.filter(({ code }) => code !== "unreachable")).toEqual([]);
    w.back();
    const next = w.client();
    expect(await next.close()).toBe(true);
    expect(users(w.server)).toEqual(["a", "b"]);
  });

  it("is not taken from a client that lives", async () => {
    await using w = await away();
    const first = w.client();
    first.record(activity("a"));
    await w.server.arrived(1);
    const second = w.client();
    expect(second.stats.queued).toBe(0);
    await Promise.all([first.close(0), second.close(0)]);
  });

  it("is sent by a client of the same key alone, which may be another tenant's", async () => {
    await using w = await left(["a"]);
    w.back();
    const other = w.client({ key: "other" });
    expect(await other.close()).toBe(true);
    expect(w.server.received).toEqual([]);
    expect(readdirSync(w.spoolDirectory)).toHaveLength(1);
  });

  it("of another host is taken when its owner has not been seen for minutes", async () => {
    await using w = await left(["a"]);
    const [name = ""] = readdirSync(w.spoolDirectory);
    const [, target, unique] = /^(livetrail-[0-9a-f]+)-.*(-[0-9a-f]{32}\.ndjson)$/.exec(name) ?? [];
    const elsewhere = join(w.spoolDirectory, `${target}-other-host-1${unique}`);
    renameSync(join(w.spoolDirectory, name), elsewhere);
    w.back();
    const early = w.client();
    expect(early.stats.queued).toBe(0);
    await early.close();
    utimesSync(elsewhere, new Date(0), new Date(0));
    const late = w.client();
    expect(await late.close()).toBe(true);
    expect(users(w.server)).toEqual(["a"]);
  });

  it("may hold more than the queue", async () => {
    const names = Array.from({ length: 25 }, (_, number) => `u-${number}`);
    await using w = await left(names);
    w.back();
    const next = w.client({ maxQueueItems: 4 });
    await expect.poll(() => next.stats.sent).toBe(25);
    expect(users(w.server)).toEqual(names);
    expect(next.stats.dropped).toBe(0);
    await next.close();
    expect(readdirSync(w.spoolDirectory)).toEqual([]);
  });

  it("skips a line that was cut off", async () => {
    await using w = await left(["a"]);
    const file = join(w.spoolDirectory, readdirSync(w.spoolDirectory)[0] ?? "");
    writeFileSync(file, `${readFileSync(file, "utf8")}{"id":"cut o`);
    w.back();
    const next = w.client();
    expect(await next.close()).toBe(true);
    expect(users(w.server)).toEqual(["a"]);
    expect(readdirSync(w.spoolDirectory)).toEqual([]);
  });

  it("forgets what the server refuses", async () => {
    const spoolDirectory = folder();
    await using w = await world(() => problem(422), { spoolDirectory });
    w.client.record(activity("bad"));
    expect(await w.client.flush()).toBe(false);
    expect(w.client.stats).toMatchObject({ rejected: 1, spooled: 0 });
    expect(readdirSync(spoolDirectory)).toEqual([]);
  });

  it("that is full is told of once, and what does not fit is sent from memory", async () => {
    await using w = await world(undefined, { spoolDirectory: folder(), maxSpoolBytes: 300 });
    for (const name of ["a", "b", "c"])
      w.client.record({ ...activity(name), details: { k: "v".repeat(200) } });
    expect(await w.client.flush()).toBe(true);
    expect(users(w.server)).toEqual(["a", "b", "c"]);
    expect(w.errors).toMatchObject([{ code: "spool", message: expect.stringContaining("it is full") }]);
  });

  it("in a folder that cannot be made is told of, and costs no activity", async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    await using w = await world(undefined, { spoolDirectory: join(file, "spool") });
    w.client.record(activity("a"));
    expect(await w.client.flush()).toBe(true);
    expect(w.errors).toMatchObject([{ code: "spool" }]);
  });

  it("whose folder is removed costs no activity", async () => {
    const spoolDirectory = folder();
    await using w = await world(undefined, { spoolDirectory });
    for (const name of ["a", "b"]) {
      rmSync(spoolDirectory, { recursive: true });
      w.client.record(activity(name));
      expect(await w.client.flush()).toBe(true);
    }
    expect(users(w.server)).toEqual(["a", "b"]);
    expect(w.errors).toEqual([]);
  });
});
