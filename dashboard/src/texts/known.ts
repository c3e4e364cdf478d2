import { type Text, t } from "./texts";

/** A value of the API in words. One that this version does not know stands as the API has it. */
export function known(texts: Readonly<Record<string, Text>>, value: string): string {
  const text = Object.hasOwn(texts, value) ? texts[value] : undefined;
  return text ? t(text) : value;
}
