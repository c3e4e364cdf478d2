import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { FacetRow } from "./facet-row";

test("a long title is shown whole, on more lines", () => {
  const label = "Aktivitätsprotokoll angesehen";
  const entry = {
    key: "a",
    label,
    count: 3,
    token: { field: "action_filter", not: false, values: ["a"] },
  } as const;
  render(
    <ul>
      <FacetRow entry={entry} share={1} state={null} onInclude={() => {}} onExclude={() => {}} />
    </ul>,
  );
  const line = screen.getByText(label).parentElement;
  expect(line).toHaveClass("line-clamp-3", "hyphens-auto");
  expect(line).not.toHaveClass("truncate");
});
