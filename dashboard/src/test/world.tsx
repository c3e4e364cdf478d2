import { act, render, screen, waitFor } from "@testing-library/react";
import { expect, vi } from "vitest";
import type {
  ActivityList,
  Alert,
  AlertChannel,
  AlertRule,
  Facets,
  Problem,
  SavedView,
  Session,
  Stats,
  Timeline,
} from "../api/types";
import { App, createQueries } from "../app";
import { LOG_PATH } from "../paths";
import { FakeEventSource } from "./fake-event-source";
import { counted, countOf, facets, list, timeline } from "./sample";

/** `text`: the body letter by letter, for what JavaScript would write differently. */
export type Answer = { status: number; body?: unknown; text?: string; headers?: Record<string, string> };
type Handler = (url: URL, init: RequestInit) => Answer | Promise<Answer>;

export const ok = (body?: unknown): Answer => ({ status: 200, body });
export const refused = (status: number, detail: string): Answer => ({
  status,
  body: { type: "about:blank", title: "Refused", status, detail } satisfies Problem,
});

const ADMIN: Session = {
  user_id: "livetrail-admin",
  role: "admin",
  display_name: "The Admin",
  session_id: null,
  expires_at: null,
};

/** A server in a few words: what it answers, and what it was asked. */
export class World {
  page: ActivityList = list([]);
  /** Null: there are no more activities than those of the page. */
  stats: Stats | null = null;
  timeline: Timeline = timeline([]);
  facets: Facets = facets();
  session = ADMIN;
  alerts: Alert[] = [];
  rules: AlertRule[] = [];
  channels: AlertChannel[] = [];
  views: SavedView[] = [];
  readonly asked: string[] = [];
  /** What the page gave up before it was answered. */
  readonly cancelled: string[] = [];
  readonly handlers: Record<string, Handler> = {
    "GET /api/session": () => ok(this.session),
    "POST /api/session": () => ok(ADMIN),
    "GET /api/admin/activity": () => ok(this.page),
    "GET /api/admin/activity/stats": () =>
      ok(counted(this.stats ?? countOf(this.page.data), this.page.head_cursor)),
    "GET /api/admin/activity/timeline": () => ok(this.timeline),
    "GET /api/admin/activity/facets": () => ok(this.facets),
    "GET /api/admin/alerts": () =>
      ok({
        data: this.alerts,
        next_cursor: null,
        open: this.alerts.filter(({ state }) => state === "open").length,
      }),
    "GET /api/admin/alert-rules": () => ok({ data: this.rules }),
    "GET /api/admin/alert-channels": () => ok({ data: this.channels }),
    "GET /api/admin/views": () => ok({ data: this.views }),
    "GET /api/admin/catalogue": () => ok({ categories: [], actions: [] }),
  };

  constructor() {
    FakeEventSource.opened = [];
    vi.stubGlobal("EventSource", FakeEventSource);
    vi.stubGlobal("WebSocket", undefined);
    vi.stubGlobal("fetch", async (target: string, init: RequestInit) => this.answer(target, init));
  }

  private async answer(target: string, init: RequestInit): Promise<Response> {
    const url = new URL(target, "http://dashboard.test");
    const call = `${init.method ?? "GET"} ${url.pathname}`;
    this.asked.push(`${call}${url.search}`);
    const handler = this.handlers[call] ?? (() => refused(404, `Nothing answers ${call}`));
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener("abort", () => {
        this.cancelled.push(`${call}${url.search}`);
        reject(new DOMException("The page has given it up", "AbortError"));
      });
    });
    const {
      status,
      body,
      text = JSON.stringify(body),
      headers,
    } = await Promise.race([handler(url, init), aborted]);
    return new Response(text ?? null, { status, ...(headers && { headers }) });
  }

  /** The calls of a path. */
  askedFor(path: string): string[] {
    return this.asked.filter((call) => call.split(/[ ?]/)[1] === path);
  }

  open(address = "/admin/activity"): void {
    window.history.replaceState(null, "", address);
    render(<App queries={createQueries()} />);
  }

  /** Opens the page and waits until its stream is live, and the badge says so, or why its rows stay. */
  async openLive(address?: string): Promise<FakeEventSource> {
    this.open(address);
    await waitFor(() => FakeEventSource.last);
    act(() => FakeEventSource.last.connect());
    // New rows enter this view, or are counted only.
    await waitFor(() => expect(document.querySelector("[data-live=good], [data-live=rest]")).not.toBeNull());
    // The figures over the log are a part that is loaded apart.
    if (window.location.pathname === LOG_PATH) await screen.findByLabelText("Statistics");
    return FakeEventSource.last;
  }
}
