/** The server's sentence about an activity in parts: its user, its target, and the words around them. */
import type { Activity } from "../api/types";
import { visibleText } from "../ui/visible-text";
import { userName } from "./user-name";

export interface SentencePart {
  role: "user" | "target" | "words";
  text: string;
}

/** Together the parts are the sentence, letter by letter. */
export function sentenceParts(activity: Activity): SentencePart[] {
  const { description } = activity;
  const user = visibleText(userName(activity));
  const begin = wordAt(description, user, 0) === 0 ? user.length : 0;
  const target = visibleText(targetOf(activity) ?? "");
  const at = wordAt(description, target, begin);
  const end = at < 0 ? description.length : at;
  const parts: SentencePart[] = [
    { role: "user", text: description.slice(0, begin) },
    { role: "words", text: description.slice(begin, end) },
    { role: "target", text: at < 0 ? "" : target },
    { role: "words", text: description.slice(end + (at < 0 ? 0 : target.length)) },
  ];
  return parts.filter(({ text }) => text !== "");
}

export const targetOf = ({ target_user_id, target_resource_id }: Activity): string | null =>
  target_user_id ?? target_resource_id;

/** Where a name stands by itself, searched from the end unless it has to stand at the beginning. */
function wordAt(sentence: string, name: string, from: number): number {
  if (name === "") return -1;
  let at = from === 0 && sentence.startsWith(name) ? 0 : sentence.lastIndexOf(name);
  while (at >= from && !isAlone(sentence, at, at + name.length)) {
    if (at === 0) return -1;
    at = sentence.lastIndexOf(name, at - 1);
  }
  return at >= from ? at : -1;
}

const isAlone = (text: string, begin: number, end: number): boolean =>
  !/[\p{L}\p{N}]$/u.test(text.slice(0, begin)) && !/^[\p{L}\p{N}]/u.test(text.slice(end));
