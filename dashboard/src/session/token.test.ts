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

  it("leaves the address at once, and the rest of the address stays", () => {
    window.history.replaceState(null, "", "/admin/activity?q=ada#token=abc");
    expect(takeTokenFromFragment()).toBe("abc");
    expect(window.location.href).toMatch(/\/admin\/activity\?q=ada$/);
    expect(takeTokenFromFragment()).toBeNull();
  });
});
