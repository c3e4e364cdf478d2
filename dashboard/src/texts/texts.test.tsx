import { render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import da from "./da";
import { preferredLanguage } from "./language";
import { plural, rich, t, translate } from "./texts";

describe("a text", () => {
  afterEach(() => translate({} as typeof da));

  it("is what stands in the code, with its values, until there is a translation", () => {
    expect(t("Failed")).toBe("Failed");
    expect(t("{former} before", { former: 1_234 })).toBe("1,234 before");
    translate(da);
    expect(t("Failed")).toBe("Mislykket");
    expect(t("{former} before", { former: "3" })).toBe("før 3");
  });

  it("shows a value as it is, whatever it looks like", () => {
    expect(t("{former} before", { former: "{former} $& <b>" })).toBe("{former} $& <b> before");
  });

  it("has elements as values", () => {
    const { container } = render(<p>{rich("{percent}% of all", { percent: <b>12</b> })}</p>);
    expect(container.innerHTML).toBe("<p><b>12</b>% of all</p>");
  });

  it("takes the form that its number has", () => {
    const times = (count: number) => plural(count, "{count} time", "{count} times");
    expect([0, 1, 2, 1_234].map(times)).toEqual(["0 times", "1 time", "2 times", "1,234 times"]);
  });
});

describe("the language", () => {
  it("is the first one of the browser that the page speaks, and English otherwise", () => {
    expect(preferredLanguage(["de-AT", "en"])).toBe("de");
    expect(preferredLanguage(["fr", "sv", "es-419", "da"])).toBe("es");
    expect(preferredLanguage(["fr", "constructor"])).toBe("en");
    expect(preferredLanguage([])).toBe("en");
  });
});
