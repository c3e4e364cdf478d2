import { describe, expect, it } from "vitest";
import { activity, list } from "../test/sample";
import { ok, World } from "../test/world";
import { readNeighbours, readSession, sharedFilter } from "./related";

const FILTER = new URLSearchParams({ session_id: "s-1" });
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
const newestFirst = (count: number) => Array.from({ length: count }, (_, index) => activity(count - index));

describe("the neighbours of an activity in its session", () => {
  it("are three on each side, oldest first, out of one answer for the whole session", async () => {
    const world = new World();
    world.page = list(newestFirst(9));
    const session = await readSession(FILTER);
    const { before, after } = await readNeighbours(activity(5), FILTER, session);
    expect(ids(before)).toEqual(["id-2", "id-3", "id-4"]);
    expect(ids(after)).toEqual(["id-6", "id-7", "id-8"]);
    const first = await readNeighbours(activity(1), FILTER, session);
    expect(ids(first.before)).toEqual([]);
    expect(ids(first.after)).toEqual(["id-2", "id-3", "id-4"]);
    expect(world.asked).toHaveLength(1);
  });

  it("are asked for by time where the session is longer than that answer", async () => {
    const world = new World();
    world.handlers["GET /api/admin/activity"] = (url) => {
      const { searchParams: query } = url;
      if (query.has("date_to")) return ok(list([activity(5), activity(4), activity(3)]));
      if (query.has("date_from")) return ok(list([activity(5), activity(6), activity(7)]));
      return ok(list(newestFirst(2), { next_cursor: "n" }));
    };
    const session = await readSession(FILTER);
    const { before, after } = await readNeighbours(activity(5), FILTER, session);
    expect(ids(before)).toEqual(["id-3", "id-4"]);
    expect(ids(after)).toEqual(["id-6", "id-7"]);
    expect(world.asked.at(-1)).toContain("session_id=s-1");
  });
});

it("the filter of a shared id takes it literally, within its tenant, and there is none without an id", () => {
  const odd = activity(1, { request_id: "!a,b", tenant_id: "acme", trace_id: null });
  expect(String(sharedFilter(odd, "request_id"))).toBe("request_id=%5C%21a%5C%2Cb&tenant_id=acme");
  expect(sharedFilter(odd, "trace_id")).toBeNull();
});
