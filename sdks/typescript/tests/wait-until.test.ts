import { afterEach, describe, expect, it } from "vitest";
import type { LivetrailOptions } from "../src/index.js";
import { gate, stored } from "./support/scripted-server.js";
import { activity, world } from "./support/world.js";

const places = globalThis as unknown as Record<string | symbol, unknown>;
const laid: (string | symbol)[] = [];

/** Lays a context where a platform does, and gives what it was asked to wait for. */
function platform(place: string | symbol, around: (context: object) => unknown): Promise<unknown>[] {
  const tasks: Promise<unknown>[] = [];
  const context = {
    waitUntil(task: Promise<unknown>) {
      // As on Cloudflare, it is a method of its context.
      if (this !== context) throw new TypeError("Illegal invocation");
      tasks.push(task);
    },
  };
  places[place] = around(context);
  laid.push(place);
  return tasks;
}

afterEach(() => {
  for (const place of laid.splice(0)) delete places[place];
});

/** A server that answers when it is told to, and a client whose requests are an hour apart. */
async function slow(options: LivetrailOptions = {}) {
  const held = gate();
  const answer = async (request: Parameters<typeof stored>[0]) => {
    await held.opened;
    return stored(request);
  };
  const w = await world(answer, { requestIntervalMs: 3_600_000, ...options });
  return { ...w, held, [Symbol.asyncDispose]: w[Symbol.asyncDispose] };
}

describe("a serverless platform", () => {
  const vercel = Symbol.for("@vercel/request-context");
  const places: [string, string | symbol, (context: object) => unknown][] = [
    ["Vercel", vercel, (context) => ({ get: () => context })],
    ["a host of Next.js", Symbol.for("@next/request-context"), (context) => ({ get: () => context })],
    ["OpenNext", Symbol.for("__cloudflare-context__"), (context) => ({ env: {}, ctx: context })],
    ["Netlify", "Netlify", (context) => ({ context })],
  ];

  for (const [name, place, around] of places) {
    it(`such as ${name} waits for all that a request records`, async () => {
      const tasks = platform(place, around);
      await using w = await slow();
      w.client.record(activity("a"));
      await w.server.arrived(1);
      // Recorded while the first is under way, and before the request's end.
      w.client.record(activity("b"));
      w.held.open();
      await Promise.all(tasks);
      expect(w.client.stats).toMatchObject({ sent: 2, queued: 0 });
      expect(tasks).toHaveLength(1);
    });
  }

  it("waits again for what comes later", async () => {
    const tasks = platform(vercel, (context) => ({ get: () => context }));
    await using w = await slow();
    w.held.open();
    for (const name of ["a", "b"]) {
      w.client.record(activity(name));
      await Promise.all(tasks);
    }
    expect(w.client.stats.sent).toBe(2);
    expect(tasks).toHaveLength(2);
  });

  it("may be named by the application", async () => {
    const tasks: Promise<unknown>[] = [];
    await using w = await slow({ waitUntil: (task) => tasks.push(task) });
    w.held.open();
    w.client.record(activity("a"));
    await Promise.all(tasks);
    expect(w.client.stats.sent).toBe(1);
  });

  it("that refuses outside of a request does no harm", async () => {
    const waitUntil = () => {
      throw new Error("`after` was called outside a request scope");
    };
    await using w = await slow({ waitUntil });
    w.held.open();
    w.client.record(activity("a"));
    expect(await w.client.flush()).toBe(true);
    expect(w.errors).toEqual([]);
  });

  it("that has no request now is not asked", async () => {
    platform(vercel, () => ({ get: () => undefined }));
    await using w = await slow();
    w.held.open();
    w.client.record(activity("a"));
    expect(await w.client.flush()).toBe(true);
  });
});
