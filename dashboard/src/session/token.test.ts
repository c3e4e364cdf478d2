import { describe, expect, it } from "vitest";
import { readToken, takeTokenFromFragment } from "./token";

describe("a sign-in token", () => {
  it("is read from a pasted link or a pasted token", () => {
    expect(readToken(" https://log.example/admin/activity#token=abc-123 ")).toBe("abc-123");
    expect(readToken("#token=abc%2B1")).toBe("abc+1");
    expect(readToken("abc-123\n")).toBe("abc-123");
  });

  it("is not made up from other text", () => {
    expect(readToken("https://log.example/admin/activity")).toBe("");
    expect(readToken("two words")).toBe("");
  });

  it("is taken as it stands where its encoding is broken, so that the page opens", () => {
    window.history.replaceState(null, "", "/admin/activity#token=%E0%A4%A");
    expect(takeTokenFromFragment()).toBe("%E0%A4%A");
    expect(readToken("#token=50%")).toBe("50%");
  });

  it("leaves the address at once, and the rest of the address stays", () => {
    window.history.replaceState(null, "", "/admin/activity?q=ada#token=abc");
    expect(takeTokenFromFragment()).toBe("abc");
    expect(window.location.href).toMatch(/\/admin\/activity\?q=ada$/);
    expect(takeTokenFromFragment()).toBeNull();
  });
});
