import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { FakeIntersectionObserver } from "./fake-intersection-observer";

// A busy machine may take many seconds to load a part of the page. What comes at once is not waited for.
configure({ asyncUtilTimeout: 30_000 });

// What jsdom lacks and the page needs.
HTMLDialogElement.prototype.show = function show() {
  this.open = true;
};
HTMLDialogElement.prototype.showModal = HTMLDialogElement.prototype.show;
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};
window.PointerEvent = class extends MouseEvent {
  readonly pointerId: number;
  readonly pointerType: string;

  constructor(type: string, init: PointerEventInit = {}) {
    super(type, init);
    this.pointerId = init.pointerId ?? 1;
    this.pointerType = init.pointerType ?? "mouse";
  }
} as unknown as typeof PointerEvent;
HTMLElement.prototype.setPointerCapture = () => undefined;
window.IntersectionObserver = FakeIntersectionObserver as unknown as typeof IntersectionObserver;
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
window.scrollTo = () => undefined;
window.scrollBy = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
window.matchMedia = (query) =>
  ({
    matches: query.includes("min-width"),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }) as unknown as MediaQueryList;

beforeEach(() => {
  window.history.replaceState(null, "", "/admin/activity");
  localStorage.clear();
  FakeIntersectionObserver.isOnScreen = true;
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
