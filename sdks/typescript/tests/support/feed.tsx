/** The component over a server that a test writes, and what it shows. */
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { EventSource } from "eventsource";
import { expect } from "vitest";
import { ActivityFeed, type ActivityFeedProps } from "../../src/react.js";
import type { SseServer } from "./sse-server.js";

export const until = (fact: () => void) => waitFor(fact, { timeout: 12_000, interval: 5 });

export const feedOf = (server: SseServer, props: ActivityFeedProps = {}) => (
  <ActivityFeed url={server.url} EventSource={EventSource} locale="en-GB" {...props} />
);

export function mountFeed(server: SseServer, props: ActivityFeedProps = {}) {
  const { rerender, container } = render(feedOf(server, props));
  return { container, change: (changed: ActivityFeedProps) => rerender(feedOf(server, changed)) };
}

/** The buttons of the rows, which say who did what. */
export const sentences = () =>
  screen
    .queryAllByRole("listitem")
    .map((row) => row.querySelector("[data-livetrail-opens]")?.textContent ?? "");

export const shows = (expected: string[]) => until(() => expect(sentences()).toEqual(expected));

export const badge = () => document.querySelector(".livetrail-badge")?.textContent;
export const says = (text: string) => until(() => expect(badge()).toBe(text));

export const sentence = (name: string) => screen.getByRole("button", { name });
export const click = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));
export const choose = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

/** The filter of the newest list, without how many it has. */
export function lastFilter(server: SseServer): Record<string, string> {
  const { limit: _, ...filter } = Object.fromEntries(server.lists.at(-1) ?? []);
  return filter;
}

export const press = (key: string) =>
  act(() => {
    fireEvent.keyDown(document.activeElement ?? document.body, { key });
  });
