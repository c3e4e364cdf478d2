/**
 * Tells in another language what the server says in English, by the rules of the server's `catalogue/template.rs`. The
 * activity is told by each English sentence that has a translation: the one that gives the server's sentence, letter by
 * letter, is the one that the server used. So what a deployment says in its own words stays as it is.
 */
import { type SentencePart, targetOf } from "@livetrail/sdk/display/sentence";
import { userName } from "@livetrail/sdk/display/user-name";
import { visibleText } from "@livetrail/sdk/display/visible-text";
import type { Activity } from "../api/types";
import type { Teller } from "./actions";
import type da from "./da/actions";
import { keyInWords } from "./key-in-words";
import type { SameGroups } from "./same";
import { textIn } from "./text-in";

export type ActionTexts = SameGroups<typeof da>;
type Word = keyof ActionTexts["words"];

const DELEGATES = {
  user: "represented by {delegate}",
  agent: "through agent {delegate}",
  service: "through service {delegate}",
} as const;

/** Of categories: all other titles are the key in words. */
const TITLES = { ai: "ai interaction", users: "user management", admins: "admin management" };

/** An action outside the catalogue: "Anna: document shared". */
const UNKNOWN = "{user}: {action}";

export function tellerOf({ sentences, titles, categories, words }: ActionTexts): Teller {
  const templates = [...Object.entries(sentences), [UNKNOWN, UNKNOWN] as const].map(
    ([english, own]) => [piecesOf(english), piecesOf(own)] as const,
  );
  const own = (word: Word) => words[word];
  /** An activity never changes, and its row is drawn again and again. */
  const known = new WeakMap<Activity, SentencePart[] | null>();

  function tell(activity: Activity): SentencePart[] | null {
    const said = mentionOf(activity, english);
    const failure = activity.success ? "" : ` ${english("(failed)")}`;
    for (const [template, translated] of templates) {
      const text = textOf(render(template, said));
      if (text !== activity.description && text + failure !== activity.description) continue;
      const parts = render(translated, mentionOf(activity, own));
      if (text !== activity.description) push(parts, "words", ` ${own("(failed)")}`);
      return parts;
    }
    return null;
  }

  return {
    partsOf: (activity) => {
      let parts = known.get(activity);
      if (parts === undefined) {
        parts = tell(activity);
        known.set(activity, parts);
      }
      return parts;
    },
    delegateOf: (activity) => delegateBy(activity, own),
    titleOf: (field, key, said = null) => {
      if (said !== null && said.toLowerCase() !== englishTitle(key)) return undefined;
      if (field === "action_filter") return textIn(titles, key);
      return field === "category" ? textIn(categories, key) : undefined;
    },
    templateOf: (sentence) => textIn(sentences, sentence),
  };
}

const english = (word: Word): string => word;

/** In lower case. */
const englishTitle = (key: string): string => textIn(TITLES, key) ?? keyInWords(key).toLowerCase();

function delegateBy(activity: Activity, word: (word: Word) => string, shown = same): string | null {
  const { delegate_id, delegate_type } = activity;
  if (!delegate_id) return null;
  const text = word(delegate_type ? DELEGATES[delegate_type] : "through {delegate}");
  return text.replace("{delegate}", () => shown(delegate_id));
}

const same = (text: string): string => text;

/** The values of a template; null or empty where one is not known. */
type Mention = Readonly<Record<string, readonly SentencePart[] | null>>;

function mentionOf(activity: Activity, word: (word: Word) => string): Mention {
  const delegate = delegateBy(activity, word, visibleText);
  const target = visibleText(targetOf(activity) ?? "");
  const key = (text: string | null): SentencePart[] | null =>
    text ? [{ role: "words", text: visibleText(keyInWords(text)) }] : null;
  return {
    user: [
      { role: "user", text: visibleText(userName(activity)) },
      ...(delegate ? [{ role: "words", text: ` (${delegate})` } as const] : []),
    ],
    target: target ? [{ role: "target", text: target }] : null,
    resource: key(activity.resource_type),
    action: key(activity.action_type),
  };
}

/** Words and names of values in turn; the first are words. */
const piecesOf = (template: string): readonly string[] => template.split(/\{(\w+)\}/);

function render(pieces: readonly string[], mention: Mention): SentencePart[] {
  const parts: SentencePart[] = [];
  pieces.forEach((piece, index) => {
    const value = index % 2 === 0 ? null : mention[piece];
    if (index % 2 === 0) push(parts, "words", piece);
    else if (value) for (const { role, text } of value) push(parts, role, text);
    else dropSpace(parts);
  });
  return parts;
}

/** Words are one part, however many pieces they are. */
function push(parts: SentencePart[], role: SentencePart["role"], text: string): void {
  const last = parts.at(-1);
  if (text === "") return;
  if (role === "words" && last?.role === "words") parts[parts.length - 1] = { role, text: last.text + text };
  else parts.push({ role, text });
}

/** The space before what is not known is left out with it. */
function dropSpace(parts: SentencePart[]): void {
  const last = parts.at(-1);
  if (last?.text.endsWith(" ")) parts[parts.length - 1] = { ...last, text: last.text.slice(0, -1) };
}

const textOf = (parts: readonly SentencePart[]): string => parts.map(({ text }) => text).join("");
