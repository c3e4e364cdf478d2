import { createLoader, createSerializer } from "nuqs";
import { describe, expect, it } from "vitest";
import { exportQuery, filterQuery, isFiltered, isLiveView, listQuery, NO_FILTER, viewParsers } from "./view";

const read = createLoader(viewParsers);
const write = createSerializer(viewParsers);

describe("the view in the URL", () => {
  it("is the live first page of everything when the URL says nothing", () => {
    const view = read("");
    expect(isLiveView(view)).toBe(true);
    expect(isFiltered(view)).toBe(false);
    expect(listQuery(view).toString()).toBe("limit=50&sort_by=timestamp&sort_order=desc&page=1&stats=false");
  });

  it("survives the way into a link and back", () => {
    const view = {
      ...read(""),
      action_filter: ["user_login", "user_logout"],
      success_filter: "failure" as const,
      user_search: "ada & co",
      q: "50%, really",
      date_from: 1_700_000_000,
      user_id: "a,b",
      is_admin: false,
      delegate_id: "deploy-bot",
      delegated: true,
      via: "!ui",
      page: 3,
      cursor: "abc+/=",
      limit: 50,
      sort_by: "duration_ms" as const,
      sort_order: "asc" as const,
      activity: "id-1",
    };
    expect(read(write("", view))).toEqual(view);
  });

  it("keeps defaults out of links", () => {
    expect(write("/admin/activity", read(""))).toBe("/admin/activity");
  });

  it("falls back to the defaults where a link makes no sense", () => {
    const view = read("?page=0&limit=5000&sort_by=colour&success_filter=maybe&date_from=yesterday");
    expect(view).toEqual(read(""));
  });

  it("is not live when it is pinned by a cursor, on another page or in another order", () => {
    expect(isLiveView(read("?cursor=abc"))).toBe(false);
    expect(isLiveView(read("?page=2"))).toBe(false);
    expect(isLiveView(read("?sort_order=asc"))).toBe(false);
    expect(isLiveView(read("?q=ada&activity=id-1"))).toBe(true);
  });
});

describe("the filter as parameters of the API", () => {
  it("asks for any of several actions", () => {
    const query = filterQuery({ ...NO_FILTER, action_filter: ["user_login", "user_logout"] });
    expect(query.getAll("action_filter")).toEqual(["user_login", "user_logout"]);
  });

  it("has each value as a link has it, in the API's own grammar", () => {
    const view = read("?user_id=ada,ben&ip=!10.0.0.0/8&status=404,5xx");
    expect(filterQuery(view).toString()).toBe("user_id=ada%2Cben&ip=%2110.0.0.0%2F8&status=404%2C5xx");
  });

  it("asks who acted in a user's name, and through what", () => {
    const view = read("?delegate_id=deploy-bot&delegated=true&via=mcp,!ui");
    expect(filterQuery(view).toString()).toBe("delegate_id=deploy-bot&via=mcp%2C%21ui&delegated=true");
  });

  it("takes searched text whole, and spaces as nothing", () => {
    const query = filterQuery({ ...NO_FILTER, q: "a,b", user_search: "  " });
    expect(query.toString()).toBe("q=a%2Cb");
  });

  it("leaves page, limit, order and cursor to the list: the stream refuses them", () => {
    const view = read("?page=2&limit=50&sort_by=status_code&cursor=abc&activity=x&success_filter=failure");
    expect(filterQuery(view).toString()).toBe("success_filter=failure");
  });

  it("asks an export for the same filter and order, of which it has every page", () => {
    const view = read("?q=ada&sort_by=duration_ms&sort_order=asc&limit=50&page=3&cursor=abc&activity=id-1");
    expect(exportQuery(view, "csv").toString()).toBe("q=ada&format=csv&sort_by=duration_ms&sort_order=asc");
  });

  it("sends a cursor without the page's number", () => {
    const query = listQuery(read("?page=4&cursor=abc"));
    expect(query.get("cursor")).toBe("abc");
    expect(query.has("page")).toBe(false);
  });
});
