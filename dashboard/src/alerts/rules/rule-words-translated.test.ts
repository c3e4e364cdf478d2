import { afterEach, beforeEach, expect, it } from "vitest";
import { DEFINITION } from "../../test/sample";
import type da from "../../texts/da";
import de from "../../texts/de";
import { translate } from "../../texts/texts";
import { spanInWords, wordsOf } from "./rule-words";

beforeEach(() => translate(de));
afterEach(() => translate({} as typeof da));

const rule = (condition: string) => `group_by = ["user_id", "ip_address"]\ntimespan = "30d"\n${condition}`;

it("a rule is said in the language of the page, with its values in the order of that language", () => {
  expect(wordsOf(DEFINITION)?.sentence).toBe(
    "10 oder mehr Aktivitäten je Benutzer innerhalb von 10 Minuten.",
  );
  expect(wordsOf(rule('[condition]\ntype = "silence"\nquiet_for = "1h"\ngte = 100'))?.sentence).toBe(
    "Keine Aktivität je Benutzer und Adresse seit 1 Stunde, nach 100 oder mehr innerhalb von 30 Tagen.",
  );
});

it("the filter of a rule is named in the language of the page, and its values stay", () => {
  const text = rule('[filter]\nis_admin = true\nsuccess_filter = false\nendpoint = "/true"\n');
  const filter = wordsOf(`${text}[condition]\ntype = "event_count"\ngte = 2`)?.filter;
  expect(filter).toEqual([
    { name: "durch Administrator", value: "ja" },
    { name: "Ergebnis", value: "fehlgeschlagen" },
    { name: "Endpunkt", value: "/true" },
  ]);
});

it("a time span has the case that it needs in a sentence", () => {
  expect(["1d", "7d", "1h", "soon"].map(spanInWords)).toEqual(["1 Tag", "7 Tagen", "1 Stunde", "soon"]);
});
