import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { SignedIn } from "../api/types";
import { ok, refused, World } from "../test/world";

const SESSIONS = "/api/admin/sessions";

const signedIn = (over: Partial<SignedIn> = {}): SignedIn => ({
  id: "s-1",
  current: false,
  user_id: "ada",
  role: "admin",
  tenant_id: null,
  rests_on: "user",
  key_id: null,
  admin_id: "ada",
  issuer: null,
  made_by: null,
  ip_address: "203.0.113.7",
  user_agent: "Firefox",
  created_at: "2027-01-15T08:00:00Z",
  last_seen_at: "2027-01-15T09:00:00Z",
  expires_at: "2027-01-16T08:00:00Z",
  ...over,
});

function worldWith(sessions: SignedIn[], total = sessions.length): World {
  const world = new World();
  world.handlers[`GET ${SESSIONS}`] = (url) =>
    ok({
      sessions,
      total,
      page: Number(url.searchParams.get("page")),
      limit: 50,
      total_pages: Math.ceil(total / 50),
    });
  return world;
}

const table = async () => within(await screen.findByRole("table", { name: "Signed in" }));

test("those who are signed in are listed, with what their session rests on", async () => {
  worldWith([signedIn({ current: true }), signedIn({ id: "s-2", user_id: "bot", rests_on: "key" })]).open(
    "/admin/sign-ins",
  );
  const [, first, second] = (await table()).getAllByRole("row");
  expect(first).toHaveTextContent(/^adathis oneadminbeing an admin203\.0\.113\.7 Firefox/);
  expect(second).toHaveTextContent(/^botadminan API key/);
});

test("a session is ended once it is confirmed", async () => {
  const world = worldWith([signedIn()]);
  world.handlers[`DELETE ${SESSIONS}/s-1`] = () => ({ status: 204 });
  world.open("/admin/sign-ins");
  fireEvent.click((await table()).getByRole("button", { name: "End the session of ada" }));
  fireEvent.click(await screen.findByRole("button", { name: "End it" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(world.asked).toContain(`DELETE ${SESSIONS}/s-1`);
});

test("to end one's own session is to sign out", async () => {
  const world = worldWith([signedIn({ current: true })]);
  world.handlers[`DELETE ${SESSIONS}/s-1`] = () => ({ status: 204 });
  world.open("/admin/sign-ins");
  fireEvent.click((await table()).getByRole("button", { name: "End the session of ada" }));
  expect(await screen.findByText("It is your own: you will have to sign in again.")).toBeVisible();
  fireEvent.click(screen.getByRole("button", { name: "End it" }));
  expect(await screen.findByRole("heading", { name: "Sign in to Livetrail" })).toBeVisible();
  expect(world.askedFor(SESSIONS)).toHaveLength(1);
});

test("further pages are asked for", async () => {
  const world = worldWith([signedIn()], 120);
  world.open("/admin/sign-ins");
  fireEvent.click(await screen.findByRole("button", { name: "Seen earlier" }));
  await waitFor(() => expect(world.askedFor(SESSIONS).at(-1)).toContain("page=2"));
  expect(await screen.findByText("2 of 3")).toBeVisible();
  expect(window.location.search).toBe("?page=2");
});

test("a viewer reads why there is nothing to see, and an auditor ends nothing", async () => {
  const world = worldWith([signedIn()]);
  world.session = { ...world.session, role: "auditor" };
  world.open("/admin/sign-ins");
  await table();
  expect(screen.queryByRole("button", { name: /^End/ })).toBeNull();
  world.handlers[`GET ${SESSIONS}`] = () => refused(403, "This needs the role auditor");
  fireEvent.click(screen.getByRole("button", { name: "Refresh" }));
  expect(await screen.findByText("Your role does not read this. An admin or an auditor does.")).toBeVisible();
});
