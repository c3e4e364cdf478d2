// @vitest-environment jsdom
import { act, cleanup, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ActivityFeed } from "../src/react.js";
import { choose, click, mountFeed, says, shows, until } from "./support/feed.js";
import { SseServer } from "./support/sse-server.js";

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(cleanup);

const alert = () => screen.queryByRole("alert")?.querySelector(".livetrail-state-title")?.textContent;

describe("a feed without rows", () => {
  it("loads, then says that nothing has happened, then what happens", async () => {
    await using server = await SseServer.start();
    mountFeed(server);
    screen.getByText("Loading activity…");
    await says("Connecting…");
    await until(() => screen.getByText("No activity yet"));
    await says("Live");
    server.append(1);
    await shows(["activity 1"]);
    expect(screen.queryByText("No activity yet")).toBeNull();
  });

  it("says that nothing matches, and clears the filters", async () => {
    await using server = await SseServer.start();
    mountFeed(server);
    await says("Live");
    choose("Result", "false");
    await until(() => screen.getByText("No activity matches these filters"));
    server.append(1);
    await shows(["activity 1"]);
  });
});

describe("a feed in trouble", () => {
  it("says what is wrong and that it goes on by itself, and does", async () => {
    await using server = await SseServer.start();
    server.append(1);
    let status = 503;
    server.onList = () => status;
    mountFeed(server);
    await until(() => expect(alert()).toBe("The log cannot be reached"));
    status = 200;
    await shows(["activity 1"]);
    expect(alert()).toBeUndefined();
  });

  it("says so while no token is to be had", async () => {
    await using server = await SseServer.start();
    server.append(1);
    let isSignedIn = false;
    const token = async () => {
      if (!isSignedIn) throw new Error("the route is away");
      return "k";
    };
    mountFeed(server, { token });
    await until(() => expect(alert()).toBe("The log cannot be reached"));
    isSignedIn = true;
    await shows(["activity 1"]);
    expect(server.headers.at(-1)?.authorization ?? "Bearer k").toBe("Bearer k");
  });

  it("tells a reader who may not read apart from one who is signed out", async () => {
    await using server = await SseServer.start();
    let status = 403;
    server.onList = () => status;
    mountFeed(server);
    await until(() => expect(alert()).toBe("You may not see this log"));
    status = 401;
    await until(() => expect(alert()).toBe("You are signed out"));
    screen.getByText("Try again");
  });

  it("offers to clear filters that the server does not understand, and then tries again", async () => {
    await using server = await SseServer.start();
    server.append(1);
    server.onList = (parameters) => (parameters.has("success_filter") ? 422 : 200);
    mountFeed(server);
    await shows(["activity 1"]);
    choose("Result", "true");
    await until(() => expect(alert()).toBe("The filters are not understood"));
    await says("Not live");
    const buttons = screen.getByRole("alert").querySelectorAll("button");
    act(() => buttons[1]?.click());
    await shows(["activity 1"]);
  });

  it("tries a list again that was refused for good", async () => {
    await using server = await SseServer.start();
    server.append(1);
    server.onList = () => 404;
    mountFeed(server);
    await until(() => expect(alert()).toBe("There is no log here"));
    server.onList = () => 200;
    click("Try again");
    await shows(["activity 1"]);
  });

  it("keeps its rows when older ones are refused, and says why", async () => {
    await using server = await SseServer.start();
    server.append(1, 2);
    mountFeed(server, { pageSize: 1 });
    await shows(["activity 2"]);
    await says("Live");
    server.onList = () => 403;
    click("Load older");
    await until(() => expect(alert()).toBe("You may not see this log"));
    await shows(["activity 2"]);
  });

  it("says that the stream is away while it is, and that the device is", async () => {
    await using server = await SseServer.start((_, index) => (index === 0 ? "stream" : 503));
    server.append(1);
    mountFeed(server);
    await says("Live");
    server.cut();
    await says("Reconnecting…");
    await shows(["activity 1"]);
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    act(() => void window.dispatchEvent(new Event("offline")));
    await says("Offline");
    online.mockRestore();
  });
});

describe("what an application says", () => {
  it("replaces texts, and only those", async () => {
    await using server = await SseServer.start();
    server.appendWith(1, { success: false, user_display_name: "Ada" });
    mountFeed(server, {
      className: "mine",
      theme: "dark",
      labels: {
        feed: "Verlauf",
        live: "Aktuell",
        failed: "Fehlgeschlagen",
        connecting: undefined as unknown as string,
        sentence: ({ position }) => `Ada tat ${position}`,
      },
    });
    await says("Connecting…");
    await says("Aktuell");
    await shows(["Ada tat 1"]);
    screen.getByText("Fehlgeschlagen");
    const feed = screen.getByRole("region", { name: "Verlauf" });
    expect([feed.className, feed.dataset.theme]).toEqual(["livetrail-feed mine", "dark"]);
    expect(feed.querySelector(".livetrail-user")?.textContent).toBe("Ada");
  });

  it("tells of each activity, also of one that waits", async () => {
    await using server = await SseServer.start();
    const onActivity = vi.fn();
    mountFeed(server, { onActivity });
    await says("Live");
    click("Pause");
    server.append(1);
    await until(() => expect(onActivity).toHaveBeenCalledWith(expect.objectContaining({ position: 1 })));
  });
});

it("opens one stream in StrictMode, however many feeds there are", async () => {
  await using server = await SseServer.start();
  server.append(1);
  const { render } = await import("@testing-library/react");
  const { feedOf } = await import("./support/feed.js");
  const token = () => "k";
  render(
    <StrictMode>
      {feedOf(server, { token })}
      {feedOf(server, { token })}
    </StrictMode>,
  );
  await shows(["activity 1", "activity 1"]);
  await until(() => expect(document.querySelectorAll('[data-state="live"]')).toHaveLength(2));
  expect(server.openStreams).toBe(1);
});

it("is rendered by a server as it begins in the browser, without inline styles", () => {
  const html = renderToString(<ActivityFeed url="/x" />);
  expect(html).toContain("Loading activity…");
  expect(html).not.toContain("style=");
});
