import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { activity, alert, list } from "../test/sample";
import { ok, World } from "../test/world";

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

it("shows the newest open alert that is grave and not muted, and mutes it", async () => {
  const world = new World();
  world.page = list([activity(1)]);
  const grave = alert(2, { severity: "critical", count: 150, group: { network: "45.155.205.0/24" } });
  world.alerts = [
    alert(4, { severity: "info" }),
    alert(3, { severity: "critical", muted_until: inAnHour() }),
    grave,
  ];
  world.handlers["POST /api/admin/alerts/alert-2/mute"] = () => {
    const muted = { ...grave, muted_until: inAnHour() };
    world.alerts = [muted];
    return ok(muted);
  };
  await world.openLive();
  const strip = await screen.findByRole("region", { name: "Open alert" });
  expect(strip).toHaveTextContent("×150 · network 45.155.205.0/24");
  expect(within(strip).getByRole("link", { name: "Show" })).toHaveAttribute("href", "/alerts?alert=alert-2");
  await userEvent.click(within(strip).getByRole("button", { name: "Mute 1 h" }));
  await waitFor(() => expect(strip).not.toBeInTheDocument());
});

it("offers no decision to somebody who may only read", async () => {
  const world = new World();
  world.session = { ...world.session, role: "viewer" };
  world.page = list([activity(1)]);
  world.alerts = [alert(1, { severity: "warning" })];
  await world.openLive();
  const strip = await screen.findByRole("region", { name: "Open alert" });
  expect(within(strip).queryByRole("button", { name: "Mute 1 h" })).not.toBeInTheDocument();
});
