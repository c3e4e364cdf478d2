/** Answers that look like success, of servers that are not Livetrail. */
import { describe, expect, it, vi } from "vitest";
import { type Received, type Scripted, stored } from "./support/scripted-server.js";
import { activity, users, world } from "./support/world.js";

const HTML = { "content-type": "text/html" };

const FOREIGN: [string, Scripted][] = [
  ["a page", { status: 200, headers: HTML, body: "<html>We are back soon.</html>" }],
  ["a page that was created", { status: 201, headers: HTML, body: "<html>" }],
  ["no content", { status: 204 }],
  ["an object that says nothing", { status: 200, body: {} }],
  ["an object with an id alone", { status: 201, body: { id: 101 } }],
  ["a list", { status: 200, body: [] }],
  ["null", { status: 200, body: null }],
  ["that nothing was accepted", { status: 200, body: { accepted: 0, duplicates: 0, rejected: [] } }],
  [
    "fewer than it was sent",
    { status: 200, body: { accepted: 1, duplicates: 0, rejected: [], results: [] } },
  ],
  ["counts that are texts", { status: 200, body: { accepted: "2", duplicates: 0, rejected: [] } }],
];

/** Answers as another server first, and then as Livetrail. */
function thenStored(foreign: Scripted) {
  return (request: Received, index: number) => (index === 0 ? foreign : stored(request));
}

describe.concurrent("an answer of another server", () => {
  for (const [name, foreign] of FOREIGN) {
    for (const count of [1, 2]) {
      it(`that is ${name} to ${count} does not count as stored`, async () => {
        await using w = await world(() => foreign);
        for (let number = 0; number < count; number += 1) w.client.record(activity("a"));
        await w.server.arrived(2);
        expect(await w.client.flush(1)).toBe(false);
        expect(w.client.stats).toMatchObject({ sent: 0, queued: count });
        expect(w.errors.map(({ code, count }) => [code, count])).toEqual([["unreachable", count]]);
        expect(w.errors[0]?.message).toContain(`${w.server.url} answered`);
        expect(w.errors[0]?.message).toContain("is LIVETRAIL_URL right?");
      });
    }
  }

  it("is followed by the same request, until Livetrail answers", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    await using w = await world(thenStored({ status: 200, headers: HTML, body: "<html>" }));
    for (const name of ["a", "b"]) w.client.record(activity(name));
    expect(await w.client.flush()).toBe(true);
    expect(users(w.server)).toEqual(["a", "b", "a", "b"]);
    expect(w.server.received[1]?.body).toEqual(w.server.received[0]?.body);
    expect(w.client.stats).toMatchObject({ sent: 2, rejected: 0, dropped: 0 });
    expect(w.errors[0]?.message).toContain("200 (text/html)");
  });

  it("does not count as a user who was put either", async () => {
    await using w = await world((_, index) => ({ status: 200, body: index === 0 ? {} : { user_id: "u" } }));
    w.client.putUser("u", { displayName: "U" });
    expect(await w.client.flush()).toBe(true);
    expect(w.server.received).toHaveLength(2);
  });
});

describe("an answer of Livetrail", () => {
  it("may count a batch without naming each of it", async () => {
    const rejected = [{ index: 1, errors: [] }];
    await using w = await world(() => ({ status: 200, body: { accepted: 1, duplicates: 1, rejected } }));
    for (const name of ["a", "b", "c"]) w.client.record(activity(name));
    expect(await w.client.flush()).toBe(false);
    expect(w.server.received).toHaveLength(1);
    expect(w.client.stats).toMatchObject({ sent: 2, rejected: 1 });
  });
});
