import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Alert } from "../api/types";
import { alert } from "../test/sample";
import { arrivalsOf } from "./arrivals";
import type { AlertPages } from "./pages";
import { ALERT_LIST_KEY, alertKey, OPEN_ALERTS_KEY } from "./query-keys";

let queries: QueryClient;
let counts: number;
const take = (data: unknown) => arrivalsOf(queries).take(data);
const settle = () => vi.advanceTimersByTime(1_000);

beforeEach(() => {
  vi.useFakeTimers();
  queries = new QueryClient();
  counts = 0;
  vi.spyOn(queries, "invalidateQueries").mockImplementation(async (filters) => {
    if (filters?.queryKey === OPEN_ALERTS_KEY) counts += 1;
  });
});

describe("an alert of the stream", () => {
  it("gets into every list and detail that has it, and into no other", () => {
    const pages: AlertPages = {
      pages: [{ data: [alert(2), alert(1)], next_cursor: null, open: 2 }],
      pageParams: [null],
    };
    queries.setQueryData([...ALERT_LIST_KEY, ""], pages);
    queries.setQueryData([...ALERT_LIST_KEY, "state=open"], { pages: [], pageParams: [] });
    queries.setQueryData(alertKey("alert-1"), alert(1));
    take(alert(1, { count: 77 }));
    take(alert(3));
    const listed = queries.getQueryData<AlertPages>([...ALERT_LIST_KEY, ""]);
    expect(listed?.pages[0]?.data.map(({ position, count }) => [position, count])).toEqual([
      [2, 10],
      [1, 77],
    ]);
    expect(queries.getQueryData<Alert>(alertKey("alert-1"))?.count).toBe(77);
    expect(queries.getQueryData(alertKey("alert-3"))).toBeUndefined();
  });

  it("has the open ones counted once for all that come together, and not while it only goes on", () => {
    for (let position = 1; position <= 50; position++) take(alert(position));
    settle();
    expect(counts).toBe(1);
    take(alert(1, { count: 11 }));
    take(alert(2, { count: 12, muted_until: "2099-01-01T00:00:00Z" }));
    settle();
    expect(counts).toBe(1);
    take(alert(1, { state: "resolved" }));
    settle();
    expect(counts).toBe(2);
  });

  it("is none without what every alert has", () => {
    for (const data of [
      undefined,
      null,
      7,
      "x",
      [],
      {},
      { ...alert(1), id: 1 },
      { ...alert(1), count: "1" },
    ]) {
      expect(take(data)).toBeNull();
    }
    settle();
    expect(counts).toBe(0);
  });
});
