import { act, render, screen, waitFor } from "@testing-library/react";
import { vi } from "vitest";
import type { ActivityList, Facets, Problem, Timeline } from "../api/types";
import { App, createQueries } from "../app";
import { FakeEventSource } from "./fake-event-source";
import { facets, list, timeline } from "./sample";

/** `text`: the body letter by letter, for what JavaScript would write differently. */
export type Answer = { status: number; body?: unknown; text?: string };
type Handler = (url: URL, init: RequestInit) => Answer | Promise<Answer>;

export const ok = (body?: unknown): Answer => ({ status: 200, body });
export const refused = (status: number, detail: string): Answer => ({
  status,
  body: { type: "about:blank", title: "Refused", status, detail } satisfies Problem,
});

const ADMIN = {
  user_id: "livetrail-admin",
  role: "admin",
  display_name: "The Admin",
  session_id: null,
  expires_at: null,
};

/** A server in a few words: what it answers, and what it was asked. */
export class World {
  page: ActivityList = list([]);
  timeline: Timeline = timeline([]);
  facets: Facets = facets();
  readonly asked: string[] = [];
  readonly handlers: Record<string, Handler> = {
    "GET /api/session": () => ok(ADMIN),
    "POST /api/session": () => ok(ADMIN),
    "GET /api/admin/activity": () => ok(this.page),
    "GET /api/admin/activity/timeline": () => ok(this.timeline),
    "GET /api/admin/activity/facets": () => ok(this.facets),
    "GET /api/admin/catalogue": () => ok({ categories: [], actions: [] }),
  };

  constructor() {
    FakeEventSource.opened = [];
    vi.stubGlobal("EventSource", FakeEventSource);
    vi.stubGlobal("fetch", async (target: string, init: RequestInit) => this.answer(target, init));
  }

  private async answer(target: string, init: RequestInit): Promise<Response> {
    const url = new URL(target, "http://dashboard.test");
    const call = `${init.method ?? "GET"} ${url.pathname}`;
    this.asked.push(`${call}${url.search}`);
    const handler = this.handlers[call] ?? (() => refused(404, `Nothing answers ${call}`));
    const { status, body, text = JSON.stringify(body) } = await handler(url, init);
    return new Response(text ?? null, { status });
  }

  open(address = "/admin/activity"): void {
    window.history.replaceState(null, "", address);
    render(<App queries={createQueries()} />);
  }

  /** Opens the page and waits until its stream is live. */
  async openLive(address?: string): Promise<FakeEventSource> {
    this.open(address);
    await waitFor(() => FakeEventSource.last);
    act(() => FakeEventSource.last.connect());
    await screen.findByText("Live");
    return FakeEventSource.last;
  }
}
