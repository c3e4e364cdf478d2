import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Activity } from "../api/types";
import { activity } from "../test/sample";
import da from "./da/actions";
import de from "./de/actions";
import es from "./es/actions";
import { type ActionTexts, tellerOf } from "./teller";

const CATALOGUE = readFileSync("../crates/livetrail-types/actions.toml", "utf8")
  .replace(/^#.*$/gm, "")
  .split("[[")
  .slice(1)
  .map((entry) => ({
    kind: entry.split("]]", 1)[0],
    ...Object.fromEntries([...entry.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name, text]) => [name, text])),
  })) as {
  kind: string;
  key: string;
  title?: string;
  sentence?: string;
  untargeted?: string;
  failed?: string;
}[];
const of = (kind: string) => CATALOGUE.filter((entry) => entry.kind === kind);
const TEMPLATES = of("action").flatMap(({ sentence, untargeted, failed }) =>
  [sentence, untargeted, failed].filter((template) => template !== undefined),
);
const LANGUAGES: [string, ActionTexts][] = [
  ["Danish", da],
  ["German", de],
  ["Spanish", es],
];

const named = (over: Partial<Activity>): Activity =>
  activity(1, { user_id: "Anna", user_email: null, user_display_name: null, ...over });
const failure = { success: false };

/** What the server's own tests say (`catalogue/tests.rs`), action by action. */
const SAID: [string, Partial<Activity>][] = [
  ["Anna signed in", {}],
  ["Anna created user bob@example.com", { target_user_id: "bob@example.com" }],
  ["Anna created a user", {}],
  ["Anna created a user", { target_user_id: "", target_resource_id: "r-1" }],
  ["Anna updated the settings", {}],
  ["Anna failed to create user", failure],
  ["Anna failed to sign in", failure],
  ["Anna was refused access", failure],
  ["Anna raised alert brute-force (failed)", { ...failure, target_resource_id: "brute-force" }],
  ["Anna published blog post Hello", { resource_type: "blog_post", target_resource_id: "Hello" }],
  ["Anna published Hello", { target_resource_id: "Hello" }],
  ["Anna published post⟨U+202E⟩ Hello", { resource_type: "post\u202e", target_resource_id: "Hello" }],
  ["Anna: document shared", { action_type: "document_shared" }],
  ["Anna: billing invoice sent", { action_type: "billing.invoice:sent" }],
  ["Anna: document shared", { action_type: "documentShared" }],
  ["Anna: rotate API key", { action_type: "rotate-api-key" }],
  ["Anna: document shared (failed)", { action_type: "document_shared", ...failure }],
  ["Anna: shared⟨U+200B⟩", { action_type: "shared\u200b" }],
  ["Anna (through ⟨U+202E⟩tob) signed in", { delegate_id: "\u202etob" }],
  ["Anna (through ⟨U+0020⟩bot) signed in", { delegate_id: " bot" }],
  ["Anna (through {user}$&) signed in", { delegate_id: "{user}$&" }],
  ...(
    [
      ["user", "represented by"],
      ["agent", "through agent"],
      ["service", "through service"],
      [null, "through"],
    ] as const
  ).flatMap(([delegate_type, words]): [string, Partial<Activity>][] => {
    const over = { delegate_id: "bot", delegate_type, target_user_id: "Bob" };
    return [
      [`Anna (${words} bot) created user Bob`, over],
      [`Anna (${words} bot) failed to create user Bob`, { ...over, ...failure }],
      [`Anna (${words} bot): parcel sent (failed)`, { ...over, ...failure, action_type: "parcel_sent" }],
    ];
  }),
  ...[
    "⟨U+202E⟩nimda⟨U+200B⟩",
    "👩⟨U+200D⟩",
    "ada⟨U+E0041⟩",
    "ada⟨U+0020⟩ b",
    "ada⟨U+00A0⟩b",
    "é⟨U+0020⟩",
  ].map((shown): [string, Partial<Activity>] => [
    `Anna created user ${shown}`,
    {
      target_user_id: shown.replace(/⟨U\+(\w+)⟩/g, (_, hex) =>
        String.fromCodePoint(Number.parseInt(hex, 16)),
      ),
    },
  ]),
  ...["Zoë Strauß-Øre", "山田\u3000太郎", "می\u200cخواهم", "👩\u200d💻 ❤\ufe0f 1\ufe0f⃣", "שרה"].map(
    (name): [string, Partial<Activity>] => [`Anna created user ${name}`, { target_user_id: name }],
  ),
];

describe("a sentence of the server", () => {
  const same = (texts: object) => Object.fromEntries(Object.keys(texts).map((text) => [text, text]));
  const english = { ...de, sentences: same(de.sentences), words: same(de.words) } as ActionTexts;

  it.each(SAID)("is told letter by letter: %s", (description, over) => {
    const parts = tellerOf(english).partsOf(named({ description, ...over }));
    expect(parts?.map(({ text }) => text).join("")).toBe(description);
  });
});

describe("another language", () => {
  const told = (over: Partial<Activity>, texts: ActionTexts = de) =>
    tellerOf(texts)
      .partsOf(named(over))
      ?.map(({ role, text }) => (role === "words" ? text : `<${text}>`))
      .join("") ?? null;

  it("puts the names where its own sentence has them", () => {
    expect(told({ description: "Anna created user Benutzer", target_user_id: "Benutzer" })).toBe(
      "<Anna> hat Benutzer <Benutzer> angelegt",
    );
    expect(told({ description: "The session of Anna expired" }, es)).toBe("La sesión de <Anna> caducó");
    const subscription = { description: "Anna paused subscription s-7", target_resource_id: "s-7" };
    expect(told(subscription, da)).toBe("<Anna> satte abonnement <s-7> på pause");
  });

  it("leaves out what is not known, with the space before it", () => {
    const published = { resource_type: "blog_post", description: "Anna published blog post" };
    expect(told({ ...published, target_resource_id: "x", description: "Anna published blog post x" })).toBe(
      "<Anna> hat blog post <x> veröffentlicht",
    );
    expect(told({ target_resource_id: "x", description: "Anna published x" })).toBe(
      "<Anna> hat <x> veröffentlicht",
    );
    expect(told({ ...failure, description: "Anna failed to create user" })).toBe(
      "<Anna> konnte Benutzer nicht anlegen",
    );
  });

  it("names the delegate, and a failure that has no sentence of its own", () => {
    const parcel = { action_type: "parcel_sent", delegate_id: "bot", ...failure } as const;
    const description = "Anna (through agent bot): parcel sent (failed)";
    expect(told({ ...parcel, delegate_type: "agent", description })).toBe(
      "<Anna> (über Agent bot): parcel sent (fehlgeschlagen)",
    );
  });

  it("has no words for what a deployment says in its own, nor for a failure that is none", () => {
    expect(told({ description: "Anna hired Bob", target_user_id: "Bob" })).toBeNull();
    expect(told({ description: "Anna signed in (failed)" })).toBeNull();
  });

  it("has titles for the keys that it knows, unless a deployment has its own", () => {
    const { titleOf, templateOf } = tellerOf(de);
    expect(titleOf("action_filter", "user_login")).toBe("Benutzeranmeldung");
    expect(titleOf("action_filter", "api_key_created", "API key created")).toBe("API-Schlüssel angelegt");
    expect(titleOf("action_filter", "user_login", "Came to work")).toBeUndefined();
    expect(titleOf("action_filter", "constructor")).toBeUndefined();
    expect(titleOf("user_id", "user_login")).toBeUndefined();
    expect(titleOf("category", "other")).toBe("Sonstiges");
    expect(titleOf("category", "users", "Staff")).toBeUndefined();
    for (const { key, title = "" } of of("category")) expect(titleOf("category", key, title)).toBeDefined();
    expect(templateOf("{user} signed in")).toBe("{user} hat sich angemeldet");
    expect(templateOf("{user} came to work")).toBeUndefined();
  });
});

describe.each(LANGUAGES)("the catalogue in %s", (_, texts) => {
  it("has each sentence, each title and each category, and no other", () => {
    expect(Object.keys(texts.sentences)).toEqual([...new Set(TEMPLATES)]);
    expect(Object.keys(texts.titles)).toEqual(of("action").map(({ key }) => key));
    expect(Object.keys(texts.categories)).toEqual([...of("category").map(({ key }) => key), "other"]);
    // They are the keys in words, by which a title of a deployment's own is known.
    expect(of("action").filter(({ title }) => title !== undefined)).toEqual([]);
  });

  it("has the same values in each sentence", () => {
    const valuesIn = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();
    const pairs = Object.entries({ ...texts.sentences, ...texts.words });
    expect(pairs.filter(([english, own]) => valuesIn(english) !== valuesIn(own))).toEqual([]);
  });

  it("has no sentence that ends in the middle, however little is known", () => {
    const { partsOf } = tellerOf(texts);
    for (const template of TEMPLATES) {
      const description = template.replace("{user}", "Anna").replace(/ \{\w+\}/g, "");
      const text = (partsOf(named({ description, success: !/failed|could not/.test(template) })) ?? [])
        .map((part) => part.text)
        .join("");
      expect(text, template).toContain("Anna");
      expect(text, template).not.toMatch(/ {2}|[{}]/);
      // A target that is not known has a sentence of its own, where one is named after such a word.
      if (of("action").some(({ sentence, untargeted }) => sentence === template && untargeted)) continue;
      expect(text, template).not.toMatch(/ (?:af|for|om|på|til|von|für|über|a|de|del|en|para|el|la|un|una)$/);
    }
  });
});
