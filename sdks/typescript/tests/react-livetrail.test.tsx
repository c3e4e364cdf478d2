// @vitest-environment jsdom
/** The hook with the real server, where LIVETRAIL_BINARY says where it is. */
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { EventSource } from "eventsource";
import { afterEach, describe, expect, it } from "vitest";
import { Livetrail } from "../src/index.js";
import { type UseActivityStreamOptions, useActivityStream } from "../src/react.js";
import { BINARY, LivetrailBinary } from "./support/livetrail-binary.js";

const until = (fact: () => void) => waitFor(fact, { timeout: 15_000, interval: 10 });

/** The hook, and a client that records numbered activities. */
function mounted(server: LivetrailBinary, changed: UseActivityStreamOptions) {
  const client = new Livetrail({ url: server.url, key: server.key("writer"), onError: () => {} });
  const options = {
    url: `${server.url}/api/admin/activity/stream`,
    token: server.key("viewer"),
    filter: { resource_type: "!livetrail" },
    EventSource,
    ...changed,
  };
  const record = (from: number, to: number, timestamp?: number) => {
    for (let number = from; number <= to; number += 1) {
      client.record({ userId: "u", actionType: "numbered", details: { number }, timestamp });
    }
    return client.flush();
  };
  const mount = () => renderHook(() => useActivityStream(options)).result;
  return { record, mount };
}

const numbers = ({ current }: { current: ReturnType<typeof useActivityStream> }) =>
  current.activities.map(({ details }) => Number(details?.number));

const downFrom = (newest: number, oldest: number) =>
  Array.from({ length: newest - oldest + 1 }, (_, index) => newest - index);

afterEach(cleanup);

describe.skipIf(!BINARY)("a hook with history, with the real server", () => {
  it("shows everything once and in order that is recorded while it begins, over a crash", {
    timeout: 40_000,
  }, async () => {
    await using server = await LivetrailBinary.start();
    const { record, mount } = mounted(server, { history: 50, limit: 2_000 });
    await record(1, 200);
    const recording = record(201, 400);
    const log = mount();
    await recording;
    await until(() => expect(numbers(log)[0]).toBe(400));
    await until(() => expect(log.current.status).toBe("live"));
    await server.kill();
    await server.restart();
    await record(401, 500);
    await until(() => expect(numbers(log)[0]).toBe(500));
    while (log.current.hasOlder) await act(() => log.current.loadOlder());
    expect([...numbers(log)].sort((a, b) => b - a)).toEqual(downFrom(500, 1));
    const times = log.current.activities.map(({ occurred_at }) => occurred_at);
    expect(times).toEqual([...times].sort().reverse());
    expect(log.current.lagMs).toBeLessThan(60_000);
  });

  it("loads again what its limit pushed out, though all of it has one time", async () => {
    await using server = await LivetrailBinary.start();
    const { record, mount } = mounted(server, { history: 10, limit: 10 });
    const moment = 1_790_000_000;
    await record(1, 30, moment);
    const log = mount();
    await until(() => expect(log.current.status).toBe("live"));
    await record(31, 75, moment);
    await until(() => expect(numbers(log)).toEqual(downFrom(75, 66)));
    while (log.current.hasOlder) await act(() => log.current.loadOlder());
    expect(numbers(log)).toEqual(downFrom(75, 1));
  });
});
