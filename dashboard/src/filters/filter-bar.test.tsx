import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { activity, facets, list } from "../test/sample";
import { ok, World } from "../test/world";

function world(textSearch: boolean): World {
  const of = new World();
  of.page = list([activity(1)]);
  of.facets = facets({ action_type: [{ value: "payout_failed", label: null, count: 3 }] });
  of.handlers["GET /config"] = () =>
    ok({ name: "livetrail", version: "1", single_sign_on: false, text_search: textSearch });
  return of;
}

async function typed(of: World, text: string) {
  await of.openLive();
  await userEvent.type(screen.getByRole("combobox", { name: "Search and filter" }), text);
  const offered = await screen.findByRole("listbox", { name: "Filters to choose from" });
  await within(offered).findByRole("option", { name: /action payout_failed 3/ });
  return offered;
}

describe("typing in the bar", () => {
  it("is no read of the log for each pause: the counts are those of the values that occur", async () => {
    const of = world(true);
    const offered = await typed(of, "payout");
    await within(offered).findByRole("option", { name: /text “payout”/ });
    expect(of.asked.filter((call) => call.includes("payout"))).toEqual([]);
  });

  it("offers no search in messages where the server has that switched off, and asks nothing that is refused", async () => {
    const of = world(false);
    const offered = await typed(of, "payout");
    await waitFor(() => expect(of.askedFor("/config")).toHaveLength(1));
    expect(within(offered).queryByRole("option", { name: /^text/ })).toBeNull();
    expect(of.asked.filter((call) => call.includes("text="))).toEqual([]);
  });
});
