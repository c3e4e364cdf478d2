/** The server's sentence about an activity in parts: its user, its target, and the words around them. */
import type { StoredActivity } from "../activity.js";
import { userName } from "./user-name.js";
import { visibleText } from "./visible-text.js";

type Target = Pick<StoredActivity, "target_user_id" | "target_resource_id">;
type Told = Target & Pick<StoredActivity, "description" | "user_id" | "user_email" | "user_display_name">;

export interface SentencePart {
  role: "user" | "target" | "words";
  text: string;
}

/** Together the parts are the sentence, letter by letter. */
export function sentenceParts(activity: Told): SentencePart[] {
  const { description } = activity;
  const user = placeOf(description, visibleText(userName(activity)));
  const behind = user?.begin === 0 ? user.end : 0;
  const target = placeOf(description, visibleText(targetOf(activity) ?? ""), behind);
  const isApart = !user || !target || target.begin >= user.end || target.end <= user.begin;
  const names = [
    ...(user ? [{ ...user, role: "user" as const }] : []),
    ...(target && isApart ? [{ ...target, role: "target" as const }] : []),
  ].sort((a, b) => a.begin - b.begin);

  let at = 0;
  const parts: SentencePart[] = [];
  for (const { begin, end, role } of names) {
    parts.push({ role: "words", text: description.slice(at, begin) });
    parts.push({ role, text: description.slice(begin, end) });
    at = end;
  }
  parts.push({ role: "words", text: description.slice(at) });
  return parts.filter(({ text }) => text !== "");
}

export const targetOf = ({ target_user_id, target_resource_id }: Target): string | null =>
  target_user_id ?? target_resource_id;

/** Where a name stands by itself: at the beginning, or as far at the end as possible. */
function placeOf(sentence: string, name: string, from = 0): { begin: number; end: number } | null {
  if (name === "") return null;
  const isAt = (begin: number) => begin >= from && isAlone(sentence, begin, begin + name.length);
  let begin = from === 0 && sentence.startsWith(name) && isAt(0) ? 0 : sentence.lastIndexOf(name);
  while (begin > 0 && !isAt(begin)) begin = sentence.lastIndexOf(name, begin - 1);
  return begin >= 0 && isAt(begin) ? { begin, end: begin + name.length } : null;
}

const isAlone = (text: string, begin: number, end: number): boolean =>
  !/[\p{L}\p{N}]$/u.test(text.slice(0, begin)) && !/^[\p{L}\p{N}]/u.test(text.slice(end));
