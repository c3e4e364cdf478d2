import { act } from "@testing-library/react";
import { vi } from "vitest";

/** Puts the tab into the background, or shows it again. */
export function hideTab(isHidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(isHidden);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(isHidden ? "hidden" : "visible");
  act(() => void document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
}
