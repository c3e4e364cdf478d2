// @vitest-environment jsdom
/** The README's components and route, run together: what they are made of stands there, and only there. */
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { EventSource } from "eventsource";
import * as React from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { streamRoute } from "../src/next.js";
import { useActivityStream } from "../src/react.js";
import { declared } from "./support/declared.js";
import { RouteServer } from "./support/route-server.js";
import { SseServer } from "./support/sse-server.js";

const component = (name: string) =>
  declared<() => React.ReactNode>(`function ${name}(`, name, { React, useActivityStream });

const rows = () => screen.queryAllByRole("listitem").map(({ textContent }) => textContent);
const until = (fact: () => void) => vi.waitFor(fact, { timeout: 12_000, interval: 5 });

/** The application: the README's route, and pages that are of its origin. */
async function application(server: SseServer, role = "admin"): Promise<RouteServer> {
  const auth = async () => ({ role });
  vi.stubEnv("LIVETRAIL_URL", server.origin);
  vi.stubEnv("LIVETRAIL_VIEWER_KEY", "k");
  const route = await declared<(request: Request) => Promise<Response>>("const GET", "GET", {
    auth,
    streamRoute,
  });
  const app = await RouteServer.start(route);
  class SameOrigin extends EventSource {
    constructor(url: string) {
      super(new URL(url, app.origin));
    }
  }
  const { fetch } = globalThis;
  vi.stubGlobal("EventSource", SameOrigin);
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => fetch(new URL(url, app.origin), init));
  return app;
}

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

describe("the README's component", () => {
  it("follows", async () => {
    await using server = await SseServer.start();
    await using _ = await application(server);
    const Activities = await component("Activities");
    render(<Activities />);
    expect(screen.getByRole("status").textContent).toBe("Connecting…");
    await until(() => expect(screen.getByRole("status").textContent).toBe("Live"));
    server.append(1);
    await until(() => expect(rows()).toEqual(["activity 1"]));
  });

  it("with history loads, follows, pauses and loads older ones", async () => {
    await using server = await SseServer.start();
    await using _ = await application(server);
    server.append(...Array.from({ length: 60 }, (_, index) => index + 1));
    const Log = await component("Log");
    render(<Log />);
    screen.getByText("Loading…");
    await until(() => expect(rows()[0]).toBe("activity 60"));
    await until(() => expect(screen.getByRole("status").textContent).toBe("Live"));
    fireEvent.click(screen.getByText("Pause"));
    server.append(61);
    await until(() => screen.getByText("Show 1 new"));
    expect(rows()[0]).toBe("activity 60");
    fireEvent.click(screen.getByText("Show 1 new"));
    expect(rows()[0]).toBe("activity 61");
    fireEvent.click(screen.getByText("Older"));
    await until(() => expect(rows().at(-1)).toBe("activity 1"));
    expect(screen.queryByText("Older")).toBeNull();
    expect(server.headers.every(({ authorization }) => authorization === "Bearer k")).toBe(true);
  });

  it("says that a reader may not read", async () => {
    await using server = await SseServer.start();
    await using _ = await application(server, "guest");
    const Log = await component("Log");
    render(<Log />);
    await until(() => expect(screen.getByRole("status").textContent).toContain("401"));
    expect(server.headers).toEqual([]);
  });
});
