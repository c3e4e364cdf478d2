/** Against the real server, where LIVETRAIL_BINARY says where it is. */
import { readFileSync } from "node:fs";
import { EventSource } from "eventsource";
import { describe, expect, it, vi } from "vitest";
import {
  ActivityActions,
  ActivityStream,
  Livetrail,
  type LivetrailError,
  type StoredActivity,
} from "../src/index.js";
import { looksLikeCredential } from "../src/redact/guess.js";
import { Redaction } from "../src/redact/redaction.js";
import { readAddress } from "../src/shape/address.js";
import { contractCases } from "./support/contract.js";
import { BINARY, LivetrailBinary } from "./support/livetrail-binary.js";

async function list(url: string, key: string, query = ""): Promise<StoredActivity[]> {
  const all: StoredActivity[] = [];
  for (let page = 1; ; page += 1) {
    const address = `${url}/api/admin/activity?limit=100&page=${page}&resource_type=!livetrail${query}`;
    const response = await fetch(address, { headers: { Authorization: `Bearer ${key}` } });
    const { data } = (await response.json()) as { data: StoredActivity[] };
    if (data.length === 0) return all;
    all.push(...data);
  }
}

/** Pieces of secrets, and of what looks like them. */
const PIECES = (
  "4111111111111111|4111|1111|5555 5555 5555 4444|3056 930902 5904|62|0|12|+| |-|.|,|_|é|😀|𝟘|²|x|Bearer |bearer|BEARER:|" +
  "authorization:|abcdef|a1b2c3|eyJhbGciOiJub25lIn0|.eyJzdWIiOiJhIn0.|eyJ|EYJ|%20|\n|-----BEGIN PRIVATE KEY-----|" +
  "-----END PRIVATE KEY-----|-----begin PRIVATE KEY-----|-----BEGIN |aaaaaaaa-aaaa-aaaa-4111-111111111111|token"
).split("|");

/** Pieces of addresses and of lists of them. */
const ADDRESSES =
  "192.0.2.7|10.0.0.1|999.1.1.1|2001:db8::1|::ffff:192.0.2.7|fe80::1|::|1|:443|:|,|, |[|]|%eth0|unknown| |.|0".split(
    "|",
  );

/** Texts of such pieces: others in each run, and the same for a seed. */
function madeTexts(count: number, seed = Date.now(), pieces = PIECES): string[] {
  let state = seed % 2_147_483_647;
  const next = (below: number) => {
    // The generator of Park and Miller.
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(12) }, () => pieces[next(pieces.length)]).join(""),
  );
}

/** What is stored of `details`: the server replaces a session id that could be a credential by its keyed hash. */
function withHashedSessions(details: Record<string, unknown>): Record<string, unknown> {
  const stored = Object.entries(details).map(([key, value]) => {
    const isSession = /^session_?id$/i.test(key) && typeof value === "string" && looksLikeCredential(value);
    return [key, isSession ? expect.stringMatching(/^hashed:[0-9a-f]{32}$/) : value];
  });
  return Object.fromEntries(stored);
}

describe.skipIf(!BINARY)("with the real server", () => {
  it("every activity is stored once and followed once, in order, over a crash", {
    timeout: 120_000,
  }, async () => {
    await using server = await LivetrailBinary.start();
    const viewer = server.key("viewer");
    const client = new Livetrail({ url: server.url, key: server.key("writer"), onError: () => {} });
    const followed: StoredActivity[] = [];
    const stream = new ActivityStream({
      url: `${server.url}/api/admin/activity/stream`,
      token: viewer,
      filter: { resource_type: "!livetrail" },
      EventSource,
      onActivity: (activity) => followed.push(activity),
    });
    stream.start();
    await vi.waitFor(() => expect(stream.status).toBe("live"), { timeout: 30_000 });

    const recorded = Array.from({ length: 10 }, async (_, worker) => {
      for (let number = 0; number < 100; number += 1) {
        await client.logActivity({
          adminId: `a-${worker}`,
          action: ActivityActions.USER_UPDATED,
          entityId: `${worker}-${number}`,
          metadata: { number },
        });
        // The workers take turns with the network, as requests of an application do.
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await vi.waitFor(() => expect(client.stats.sent).toBeGreaterThan(100), { interval: 1, timeout: 30_000 });
    await server.kill();
    await Promise.all(recorded);
    expect(client.stats.queued).toBeGreaterThan(0);
    await server.restart();
    expect(await client.flush(20_000)).toBe(true);
    expect(client.stats).toMatchObject({ sent: 1_000, rejected: 0, dropped: 0 });

    const expected = Array.from(
      { length: 1_000 },
      (_, number) => `${Math.floor(number / 100)}-${number % 100}`,
    );
    const stored = await list(server.url, viewer);
    expect(stored.map(({ target_resource_id }) => target_resource_id).sort()).toEqual(expected.sort());
    await vi.waitFor(() => expect(followed.length).toBeGreaterThanOrEqual(1_000), { timeout: 30_000 });
    stream.stop();
    const positions = followed.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    expect(followed.map(({ target_resource_id }) => target_resource_id).sort()).toEqual(expected);
    // One worker's activities are in the order in which it recorded them.
    const ofFirst = followed.filter(({ user_id }) => user_id === "a-0").map(({ details }) => details?.number);
    expect(ofFirst).toEqual(Array.from({ length: 100 }, (_, number) => number));
  });

  it("nothing that the contract's cases send is refused, and all of it is redacted the same", async () => {
    interface Case {
      in: Record<string, unknown>;
      out: Record<string, unknown> | null;
    }
    await using server = await LivetrailBinary.start();
    const errors: LivetrailError[] = [];
    const onError = (error: LivetrailError) => errors.push(error);
    const client = new Livetrail({ url: server.url, key: server.key("writer"), onError });
    const raw = new Livetrail({ url: server.url, key: server.key("writer"), onError, redact: false });
    const redaction = contractCases<Case>("redaction.json");
    // The server redacts what comes unredacted: both copies have to be what the case says.
    for (const sender of [client, raw]) {
      for (const { in: details } of redaction)
        sender.record({ user_id: "u", action_type: "redaction", details });
      await sender.flush();
    }
    const shapes = contractCases<Case>("shape.json").filter(
      ({ in: { tenant_id }, out }) => out && !tenant_id,
    );
    for (const { in: given } of shapes) client.record(given as never);
    await Promise.all([client.close(), raw.close()]);
    expect(errors).toEqual([]);
    const viewer = server.key("viewer");
    const stored = await list(server.url, viewer, "&action_filter=redaction&sort_order=asc");
    const details = stored.sort((a, b) => a.position - b.position).map((activity) => activity.details);
    expect(details).toEqual([...redaction, ...redaction].map(({ out }) => out && withHashedSessions(out)));
  });

  it("any text is redacted as the server does it", async () => {
    await using server = await LivetrailBinary.start();
    const client = new Livetrail({ url: server.url, key: server.key("writer"), redact: false });
    const texts = madeTexts(1_000);
    for (const [index, text] of texts.entries()) {
      client.record({ user_id: "u", action_type: "made", details: { index, text } });
    }
    await client.close();
    const stored = await list(server.url, server.key("viewer"), "&action_filter=made");
    expect(stored).toHaveLength(texts.length);
    for (const { details } of stored) {
      const text = texts[Number(details?.index)] ?? "";
      expect({ text, redacted: Redaction.standard().text(text) }).toEqual({ text, redacted: details?.text });
    }
  });

  it("any address is read as the server reads it", async () => {
    await using server = await LivetrailBinary.start();
    const headers = { Authorization: `Bearer ${server.key("writer")}`, "Content-Type": "application/json" };
    const given = madeTexts(1_000, Date.now(), ADDRESSES);
    const activities = given.map((ip_address) => ({ user_id: "u", action_type: "address", ip_address }));
    const body = JSON.stringify(activities);
    const answer = await fetch(`${server.url}/api/activity`, { method: "POST", headers, body });
    const { rejected } = (await answer.json()) as { rejected: { index: number }[] };
    const refused = new Set(rejected.map(({ index }) => index));
    const stored = await list(server.url, server.key("viewer"), "&action_filter=address");
    const addresses = stored.sort((a, b) => a.position - b.position).map(({ ip_address }) => ip_address);
    for (const [index, text] of given.entries()) {
      const address = refused.has(index) ? null : addresses.shift();
      expect({ text, address: readAddress(text) }).toEqual({ text, address });
    }
  });

  it("a secret that changed is taken, and hidden", async () => {
    await using server = await LivetrailBinary.start();
    const client = new Livetrail({ url: server.url, key: server.key("writer") });
    const changes = { password: { from: "a", to: "b" }, plan: { to: "pro" } };
    await client.recordDurably({ user_id: "u", action_type: "password_changed", changes });
    const [stored] = await list(server.url, server.key("viewer"));
    expect(stored?.changes?.plan).toEqual({ from: null, to: "pro" });
    expect(JSON.stringify(stored?.changes?.password)).not.toContain('"a"');
    expect(JSON.stringify(stored?.changes?.password)).toContain("[redacted]");
    await client.close();
  });

  it("a durable activity has its place, and users their names", async () => {
    await using server = await LivetrailBinary.start();
    const client = new Livetrail({ url: server.url, key: server.key("writer") });
    client.putUser("u/1", { email: "a@example.com", displayName: "Ada" });
    const first = await client.recordDurably({ user_id: "u/1", action_type: "user_login" });
    const again = await client
      .recordDurably({ user_id: "u/2", action_type: "user_login", id: first.id })
      .catch((e) => e);
    expect(again).toMatchObject({ code: "refused", status: 409 });
    const [stored] = await list(server.url, server.key("viewer"), "&user_id=u/1");
    expect(stored).toMatchObject({ id: first.id, position: first.position, user_display_name: "Ada" });
    await client.close();
  });

  it("its list's figures are the type's", async () => {
    await using server = await LivetrailBinary.start();
    const headers = { Authorization: `Bearer ${server.key("viewer")}` };
    const answer = await fetch(`${server.url}/api/admin/activity`, { headers });
    const { stats } = (await answer.json()) as { stats: Record<string, unknown> };
    const source = readFileSync(new URL("../src/activity-log.ts", import.meta.url), "utf8");
    const fields = [...source.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name);
    expect(Object.keys(stats).sort()).toEqual(fields.sort());
  });

  it("its list of fields is the type's", async () => {
    await using server = await LivetrailBinary.start();
    const client = new Livetrail({ url: server.url, key: server.key("writer") });
    await client.recordDurably({ user_id: "u", action_type: "user_login" });
    const [stored] = await list(server.url, server.key("viewer"));
    const source = readFileSync(new URL("../src/activity.ts", import.meta.url), "utf8");
    const type = source.slice(source.indexOf("export interface StoredActivity"));
    const fields = [...type.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name);
    expect(Object.keys(stored ?? {}).sort()).toEqual(fields.sort());
    await client.close();
  });
});
