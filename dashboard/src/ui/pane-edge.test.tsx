import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { PaneEdge } from "./pane-edge";
import { clampPane, PANE } from "./pane-width";

it("the edge is moved by keys, held to its bounds, and kept", async () => {
  render(<PaneEdge />);
  const edge = screen.getByRole("separator", { name: "Width of the pane" });
  expect(edge).toHaveAttribute("aria-valuenow", String(PANE.usual));
  edge.focus();
  await userEvent.keyboard("{ArrowLeft}");
  expect(edge).toHaveAttribute("aria-valuenow", String(PANE.usual + 24));
  expect(localStorage.getItem("livetrail.pane")).toBe(String(PANE.usual + 24));
  await userEvent.keyboard("{Home}{ArrowRight}");
  expect(edge).toHaveAttribute("aria-valuenow", String(PANE.least));
  fireEvent.doubleClick(edge);
  expect(edge).toHaveAttribute("aria-valuenow", String(PANE.usual));
});

it("a width that makes no sense is the usual one", () => {
  expect(clampPane(Number("wide"))).toBe(PANE.usual);
  expect(clampPane(-5)).toBe(PANE.least);
});
