import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { KeyInfo } from "../api/types";
import { key } from "../test/sample";
import { ok, refused, World } from "../test/world";

const KEYS = "/api/admin/keys";

function worldWith(...keys: KeyInfo[]): World {
  const world = new World();
  world.handlers[`GET ${KEYS}`] = () => ok({ keys });
  return world;
}

const table = async () => within(await screen.findByRole("table", { name: "API keys" }));

test("keys are listed with their role, tenant, last use and end, the newest first", async () => {
  worldWith(
    key({ id: "1", name: "old", created_at: "2026-01-01T08:00:00Z", last_used_at: null }),
    key({ id: "2", name: "new", role: "viewer", tenant_id: "acme", expires_at: "2020-01-01T12:00:00Z" }),
  ).open("/admin/keys");
  const [, first, second] = (await table()).getAllByRole("row");
  expect(first).toHaveTextContent(/^newexpiredvieweracme.*livetrail-admin/);
  expect(second).toHaveTextContent(/^oldwriterall.*never/);
});

test("a new key is made with what was chosen, and shown once", async () => {
  const world = worldWith(key());
  let wanted: Record<string, unknown> = {};
  world.handlers[`POST ${KEYS}`] = (_, init) => {
    wanted = JSON.parse(String(init.body));
    return { status: 201, body: { ...key(), key: "lt_secret" } };
  };
  world.open("/admin/keys");
  fireEvent.click(await screen.findByRole("button", { name: "New key" }));
  const dialog = within(await screen.findByRole("dialog", { name: "New key" }));
  fireEvent.click(dialog.getByRole("button", { name: "Make the key" }));
  expect(world.askedFor(KEYS)).not.toContain(`POST ${KEYS}`);
  fireEvent.change(dialog.getByRole("textbox", { name: "Name" }), { target: { value: " shop " } });
  fireEvent.change(dialog.getByRole("textbox", { name: "Tenant" }), { target: { value: "acme" } });
  fireEvent.click(dialog.getByRole("button", { name: "Viewer" }));
  fireEvent.click(dialog.getByRole("button", { name: "Never" }));
  fireEvent.click(dialog.getByRole("button", { name: "Make the key" }));
  const made = within(await screen.findByRole("dialog", { name: "Your new key" }));
  expect(made.getByText("lt_secret")).toBeVisible();
  expect(made.getByRole("button", { name: "Copy key" })).toBeVisible();
  expect(wanted).toEqual({ name: "shop", role: "viewer", tenant_id: "acme", expires_at: null });
  fireEvent.click(made.getByRole("button", { name: "Done" }));
  expect(screen.queryByText("lt_secret")).toBeNull();
  await waitFor(() => expect(world.askedFor(KEYS).filter((call) => call.startsWith("GET"))).toHaveLength(2));
});

test("a key that the server refuses says why, and what was typed stays", async () => {
  const world = worldWith(key());
  world.handlers[`POST ${KEYS}`] = () => refused(422, "The name is too long");
  world.open("/admin/keys");
  fireEvent.click(await screen.findByRole("button", { name: "New key" }));
  const name = await screen.findByRole("textbox", { name: "Name" });
  fireEvent.change(name, { target: { value: "shop" } });
  fireEvent.click(screen.getByRole("button", { name: "Make the key" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("No key was made: The name is too long");
  expect(name).toHaveValue("shop");
});

test("a key is revoked once it is confirmed", async () => {
  const world = worldWith(key({ id: "k-1" }));
  world.handlers[`DELETE ${KEYS}/k-1`] = () => ({ status: 204 });
  world.open("/admin/keys");
  fireEvent.click((await table()).getByRole("button", { name: "Revoke billing service" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Revoke a key" }));
  expect(dialog.getByText("billing service")).toBeVisible();
  expect(world.asked).not.toContain(`DELETE ${KEYS}/k-1`);
  fireEvent.click(dialog.getByRole("button", { name: "Revoke" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(world.asked).toContain(`DELETE ${KEYS}/k-1`);
});

test("an auditor reads the keys and changes none", async () => {
  const world = worldWith(key());
  world.session = { ...world.session, role: "auditor" };
  world.open("/admin/keys");
  await table();
  expect(screen.queryByRole("button", { name: "New key" })).toBeNull();
  expect(screen.queryByRole("button", { name: /^Revoke/ })).toBeNull();
});

test("a viewer reads why there are no keys to see", async () => {
  const world = worldWith();
  world.session = { ...world.session, role: "viewer" };
  world.handlers[`GET ${KEYS}`] = () => refused(403, "This needs the role auditor");
  world.open("/admin/keys");
  expect(await screen.findByText("Your role does not read this. An admin or an auditor does.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});
