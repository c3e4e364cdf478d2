import { act } from "@testing-library/react";

/** An IntersectionObserver for a page without a layout: all that is watched is on the screen, or nothing is. */
export class FakeIntersectionObserver {
  static isOnScreen = true;
  private static watching = new Set<FakeIntersectionObserver>();
  private readonly tell: (entries: { isIntersecting: boolean }[]) => void;

  constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
    this.tell = tell;
  }

  observe(): void {
    FakeIntersectionObserver.watching.add(this);
    this.tell([{ isIntersecting: FakeIntersectionObserver.isOnScreen }]);
  }

  disconnect(): void {
    FakeIntersectionObserver.watching.delete(this);
  }

  /** Scrolls to what is watched, or away from it. */
  static scroll(isOnScreen: boolean): void {
    FakeIntersectionObserver.isOnScreen = isOnScreen;
    act(() => {
      for (const observer of FakeIntersectionObserver.watching) {
        observer.tell([{ isIntersecting: isOnScreen }]);
      }
    });
  }
}
