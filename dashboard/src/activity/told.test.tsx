import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bar } from "../test/bar";
import { activity, facets, failure, list } from "../test/sample";
import { World } from "../test/world";
import { tellBy } from "../texts/actions";
import de from "../texts/de/actions";
import { tellerOf } from "../texts/teller";

describe("where the page is not English", () => {
  const world = () => {
    const made = new World();
    made.page = list([
      activity(3, {
        action_type: "user_created",
        description: "Ada Lovelace (through agent deploy-bot) created user milo",
        target_user_id: "milo",
        delegate_id: "deploy-bot",
        delegate_type: "agent",
      }),
      failure(2, { action_type: "parcel_sent", description: "Ada Lovelace: parcel sent (failed)" }),
      activity(1, { description: "Ada Lovelace came to work", delegate_id: "deploy-bot" }),
    ]);
    made.facets = facets({
      action_type: [
        { value: "user_created", label: "User created", count: 2 },
        { value: "parcel_sent", label: null, count: 1 },
      ],
      category: [{ value: "users", label: "User management", count: 2 }],
    });
    return made;
  };

  beforeEach(() => tellBy(tellerOf(de)));
  afterEach(() => tellBy(null));

  it("an activity is told in its language, and a deployment's own sentence stays", async () => {
    world().open("/admin/activity?activity=id-3");
    const told = "Ada Lovelace (über Agent deploy-bot) hat Benutzer milo angelegt";
    expect(await screen.findByRole("heading", { name: told })).toBeVisible();
    expect(await screen.findByText("Authentifizierung")).toBeVisible();
    const row = within(screen.getByRole("table", { name: "Activities" }));
    const created = row.getByRole("button", { name: told });
    expect(created).toHaveAttribute("title", told);
    expect(within(created).getByText("milo").closest("[data-value-field]")).toHaveAttribute(
      "data-value",
      "milo",
    );
    for (const title of ["Ada Lovelace: parcel sent (fehlgeschlagen)", "Ada Lovelace came to work"]) {
      expect(row.getByTitle(title)).toHaveTextContent(title);
    }
    // That sentence does not name the delegate, so it stands beside it. The first one does.
    expect(row.getAllByText(/über/).map(({ textContent }) => textContent)).toContain("über deploy-bot");
  });

  it("actions and categories have titles in its language, and are found by these and by their keys", async () => {
    world().open("/admin/activity?action_filter=user_created&category=users");
    expect(await screen.findByRole("button", { name: "Edit filter action Benutzer angelegt" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Edit filter category Benutzerverwaltung" })).toBeVisible();
    const actions = within(await screen.findByRole("region", { name: "Action" }));
    expect(actions.getByRole("button", { name: /^Benutzer angelegt/ })).toBeVisible();
    expect(actions.getByRole("button", { name: /^Parcel sent/ })).toBeVisible();
    const option = { name: /user_created\s*Benutzer angelegt/ };
    await userEvent.type(bar(), "angelegt");
    expect(await screen.findByRole("option", option)).toBeVisible();
    for (const text of ["User crea", "action:user_cr"]) {
      await userEvent.clear(bar());
      await userEvent.type(bar(), text);
      expect(await screen.findByRole("option", option)).toBeVisible();
    }
  });
});
