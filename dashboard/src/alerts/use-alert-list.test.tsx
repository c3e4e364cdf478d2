import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { alert } from "../test/sample";
import type { AlertPages } from "./pages";
import { ALERT_LIST_KEY } from "./query-keys";
import { useAlertRows } from "./use-alert-list";
import { alertQuery, NO_ALERT_FILTER } from "./view";

const KEY = [...ALERT_LIST_KEY, alertQuery(NO_ALERT_FILTER).toString()];

function heldRows() {
  const queries = new QueryClient();
  const empty: AlertPages = { pages: [{ data: [], next_cursor: null, open: 0 }], pageParams: [null] };
  queries.setQueryData(KEY, empty);
  const { result } = renderHook(() => useAlertRows(NO_ALERT_FILTER, empty, true), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    ),
  });
  const listed = () => queries.getQueryData<AlertPages>(KEY)?.pages[0]?.data;
  return { result, listed };
}

describe("alerts that wait", () => {
  it("go on waiting when they came after the rows that enter were drawn", () => {
    const { result, listed } = heldRows();
    const [first, second] = [alert(1), alert(2)];
    act(() => result.current.onAlert(first));
    const { onAlert, release } = result.current;
    act(() => {
      onAlert(second);
      release();
    });
    expect(listed()).toEqual([first]);
    expect(result.current.pending).toEqual([second]);
    act(() => result.current.release());
    expect(listed()).toEqual([second, first]);
  });

  it("bring their newer version, also when the former one has entered meanwhile", () => {
    const { result, listed } = heldRows();
    const former = alert(1);
    const newer = { ...former, count: former.count + 5 };
    act(() => result.current.onAlert(former));
    const { onAlert, release } = result.current;
    act(() => {
      onAlert(newer);
      release();
    });
    act(() => result.current.release());
    expect(listed()).toEqual([newer]);
    expect(result.current.pending).toEqual([]);
  });
});
