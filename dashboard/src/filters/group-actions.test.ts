import { describe, expect, it } from "vitest";
import type { Catalogue } from "../api/types";
import { groupActions } from "./group-actions";

const CATALOGUE = {
  categories: [{ key: "authentication", title: "Authentication" }],
  actions: [{ key: "user_login", title: "User login", icon: "log-in", category: "authentication" }],
} as unknown as Catalogue;
const group = (over: Partial<Parameters<typeof groupActions>[1]>) =>
  groupActions(CATALOGUE, { text: "", chosen: [], counted: null, ...over });

describe("grouped actions", () => {
  it("have no counts until the server has answered", () => {
    expect(group({})[0]?.actions[0]?.count).toBeNull();
  });

  it("count nothing for what is not among the values, unless there may be more values", () => {
    const value = (index: number) => ({ value: `custom_${index}`, count: 1, label: null });
    const few = [value(0)];
    const many = Array.from({ length: 50 }, (_, index) => value(index));
    expect(group({ counted: few, text: "login" })[0]?.actions[0]?.count).toBe(0);
    expect(group({ counted: many, text: "login" })[0]?.actions[0]?.count).toBeNull();
  });

  it("name an unknown action once, though it occurs and is chosen", () => {
    const counted = [{ value: "parcel_sent", count: 7, label: null }];
    const [others] = group({ counted, chosen: ["parcel_sent"] });
    expect(others?.title).toBe("Not in the catalogue");
    expect(others?.actions).toEqual([
      { key: "parcel_sent", title: "Parcel sent", icon: "activity", count: 7 },
    ]);
  });
});
