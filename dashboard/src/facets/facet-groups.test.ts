import { expect, it } from "vitest";
import type { Catalogue } from "../api/types";
import { facets, stats } from "../test/sample";
import { entriesOf, GROUPS } from "./facet-groups";

const COUNTED = {
  facets: facets({
    action_type: [{ value: "user_deleted", label: null, count: 3 }],
    status: [
      { value: "404", label: null, count: 4 },
      { value: "403", label: null, count: 2 },
    ],
  }),
  stats: stats({ success_count: 7, failed_count: 6 }),
  catalogue: {
    categories: [],
    actions: [{ key: "user_deleted", severity: "warning" }],
  } as unknown as Catalogue,
};
const entries = (key: string) =>
  GROUPS.filter((group) => group.key === key).flatMap((group) =>
    entriesOf(group, COUNTED).map(({ label, count }) => `${label} ${count}`),
  );

it("counts results, severities by the catalogue, and classes of the status before its codes", () => {
  expect(entries("result")).toEqual(["Success 7", "Failed 6"]);
  expect(entries("severity")).toEqual(["Warning 3"]);
  expect(entries("status")).toEqual(["4xx 6", "404 4", "403 2"]);
  expect(entries("action")).toEqual(["User deleted 3"]);
});
