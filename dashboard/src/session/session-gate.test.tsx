import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { activity, list } from "../test/sample";
import { ok, refused, World } from "../test/world";

const LINK = "/admin/activity?q=ada#token=one-time";

it("signs in by the token in the fragment, which leaves the address at once", async () => {
  const world = new World();
  world.page = list([activity(1)]);
  const tokens: unknown[] = [];
  world.handlers["POST /api/session"] = (_url, init) => {
    tokens.push(JSON.parse(String(init.body)));
    return ok({
      user_id: "livetrail-admin",
      role: "admin",
      display_name: "The Admin",
      session_id: null,
      expires_at: null,
    });
  };
  world.open(LINK);
  expect(window.location.hash).toBe("");
  expect(await screen.findByRole("button", { name: "Ada Lovelace signed in (1)" })).toBeVisible();
  expect(tokens).toEqual([{ token: "one-time" }]);
  expect(window.location.search).toBe("?q=ada");
});

it("says so when the link was used already", async () => {
  const world = new World();
  world.handlers["POST /api/session"] = () => refused(401, "Invalid token");
  world.handlers["GET /api/session"] = () => refused(401, "Authentication required");
  world.open(LINK);
  expect(await screen.findByRole("alert")).toHaveTextContent("used already or has expired");
  expect(screen.getByText("livetrail admin link")).toBeVisible();
});

it("takes a pasted link when signed out", async () => {
  const world = new World();
  world.page = list([activity(1)]);
  world.handlers["GET /api/session"] = () => refused(401, "Authentication required");
  world.open();
  await userEvent.type(
    await screen.findByRole("textbox", { name: "Sign-in link or token" }),
    "http://x/#token=abc",
  );
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("table", { name: "Activities" })).toBeVisible();
});

it("offers single sign-on where the server has it, and returns to the page", async () => {
  const world = new World();
  world.handlers["GET /api/session"] = () => refused(401, "Authentication required");
  world.handlers["GET /config"] = () => ok({ name: "livetrail", version: "1", single_sign_on: true });
  world.open("/admin/activity?q=ada");
  expect(await screen.findByRole("link", { name: "Sign in with single sign-on" })).toHaveAttribute(
    "href",
    "/api/session/oidc?return_to=%2Fadmin%2Factivity%3Fq%3Dada",
  );
});

it("offers no single sign-on where there is none", async () => {
  const world = new World();
  world.handlers["GET /api/session"] = () => refused(401, "Authentication required");
  world.handlers["GET /config"] = () => ok({ name: "livetrail", version: "1", single_sign_on: false });
  world.open();
  expect(await screen.findByRole("textbox")).toBeVisible();
  await waitFor(() => expect(world.asked).toContain("GET /config"));
  expect(screen.queryByRole("link", { name: "Sign in with single sign-on" })).toBeNull();
});

it("refuses politely what is no link and no token", async () => {
  const world = new World();
  world.handlers["GET /api/session"] = () => refused(401, "Authentication required");
  world.open();
  await userEvent.type(await screen.findByRole("textbox"), "no link");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
  expect(screen.getByRole("alert")).toHaveTextContent("neither a sign-in link nor a token");
  expect(world.asked).not.toContain("POST /api/session");
});

it("returns to the sign-in page when the session ends", async () => {
  const world = new World();
  world.page = list([activity(1)]);
  const stream = await world.openLive();
  world.handlers["GET /api/session"] = () => refused(401, "Authentication required");
  stream.giveUp();
  expect(await screen.findByRole("heading", { name: "Sign in to Livetrail" })).toBeVisible();
});

it("shows the forbidden page to those who are no admin", async () => {
  const world = new World();
  world.handlers["GET /api/admin/activity"] = () => refused(403, "Admin access required");
  world.open();
  expect(await screen.findByRole("heading", { name: "You may not read this log" })).toBeVisible();
  expect(screen.getByText("livetrail admin add livetrail-admin")).toBeVisible();
});

it("quotes an id in the command for the operator, whatever a token says", async () => {
  const world = new World();
  const reader = {
    user_id: "x'; reboot #",
    role: "viewer",
    display_name: null,
    session_id: null,
    expires_at: null,
  };
  world.handlers["GET /api/session"] = () => ok(reader);
  world.handlers["GET /api/admin/activity"] = () => refused(403, "Admin access required");
  world.open();
  expect(await screen.findByText("livetrail admin add 'x'\\''; reboot #'")).toBeVisible();
});

it("shows why another tenant's log is refused, and the way back to one's own", async () => {
  const world = new World();
  world.handlers["GET /api/admin/activity"] = ({ searchParams }) =>
    searchParams.has("tenant_id")
      ? refused(403, "This credential is bound to a tenant.")
      : ok(list([activity(1)]));
  world.open("/admin/activity?tenant_id=other");
  expect(await screen.findByText("This credential is bound to a tenant.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(await screen.findByRole("button", { name: "Ada Lovelace signed in (1)" })).toBeVisible();
});
