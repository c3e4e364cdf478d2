import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { type UseActivityStreamOptions, useActivityStream } from "../src/react.js";

function Status(options: UseActivityStreamOptions) {
  const { status, isLoading, isEmpty, activities } = useActivityStream(options);
  return JSON.stringify({ status, isLoading, isEmpty, activities });
}

const rendered = (options: UseActivityStreamOptions) =>
  JSON.parse(renderToString(<Status {...options} />).replaceAll("&quot;", '"'));

it("a server renders the state before anything was asked for", () => {
  const nothing = { isEmpty: false, activities: [] };
  expect(rendered({ history: true })).toEqual({ status: "connecting", isLoading: true, ...nothing });
  expect(rendered({})).toEqual({ status: "connecting", isLoading: false, ...nothing });
  expect(rendered({ enabled: false, history: true })).toEqual({
    status: "stopped",
    isLoading: false,
    ...nothing,
  });
});
