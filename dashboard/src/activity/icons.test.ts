import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ICONS } from "./icons";

it("has every icon that the catalogue names", () => {
  const catalogue = readFileSync("../crates/livetrail-types/actions.toml", "utf8");
  const named = [...catalogue.matchAll(/^icon\s*=\s*"([^"]+)"/gm)].map((match) => match[1] ?? "");
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((name) => !(name in ICONS))).toEqual([]);
});
