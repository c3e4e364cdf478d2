/** A snippet of the README, run with what surrounds it there. */
import { transformWithOxc } from "vite";
import { snippets } from "./snippets.js";

/** What a snippet declares under a name. */
export async function declared<T>(text: string, name: string, given: Record<string, unknown>): Promise<T> {
  const snippet = snippets("README.md").find(({ code }) => code.includes(text));
  if (!snippet) throw new Error(`the README has no ${text}`);
  const { code } = await transformWithOxc(snippet.code, "snippet.tsx", { jsx: { runtime: "classic" } });
  const plain = code
    .replace(/^import .*$/gm, "")
    .replace(/^export /gm, "")
    .replace(/^\{.*\};?$/gm, "");
  return new Function(...Object.keys(given), `${plain}\nreturn ${name};`)(...Object.values(given)) as T;
}
