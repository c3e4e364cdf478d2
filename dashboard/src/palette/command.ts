/** What the list of commands offers, and which of it a text finds. */
import { t } from "../texts/texts";

export interface Command {
  /** The same on each visit, so that it can be remembered. */
  id: string;
  group: string;
  words: string;
  /** What it is, where the words do not say it. */
  note?: string;
  /** Other words that it is found by. */
  also?: string;
  /** The key that does the same. */
  keys?: string;
  count?: number | null;
  /** It is about what was typed just now, and is not remembered. */
  isOfTheMoment?: boolean;
  act: Act;
}

export type Act =
  /** The text goes on with this, and more is offered. */
  | { type: string }
  | { run: () => void }
  /** It says whether it worked before the list closes. */
  | { copy: () => Promise<boolean> };

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[\s/,()“”…:]+/u)
    .filter(Boolean);

const OCCURS = 2;

/** How well a text finds a command: 0 best; null: not at all. Each of its words has to occur. */
function rankOf({ words, also = "", note = "" }: Command, typed: readonly string[]): number | null {
  const [own, others] = [wordsOf(words), wordsOf(`${also} ${note}`)];
  let rank = own[0]?.startsWith(typed[0] ?? "") ? 0 : 1;
  for (const part of typed) {
    if (own.some((word) => word.startsWith(part))) continue;
    const isWithin = part.length > 1 && own.some((word) => word.includes(part));
    const isOther = others.some((word) => word.startsWith(part));
    if (!isWithin && !isOther) return null;
    rank = OCCURS;
  }
  return rank;
}

/**
 * The commands that a text finds: the best first, and of equals the ones that were chosen lately. `others`: it occurs in
 * them, but no word of theirs begins with it.
 */
export function found(
  commands: readonly Command[],
  text: string,
  recent: readonly string[],
): { best: Command[]; others: Command[] } {
  const typed = wordsOf(text);
  const lately = ({ id }: Command): number => (recent.indexOf(id) + recent.length + 1) % (recent.length + 1);
  const ranked = commands
    .flatMap((command) => {
      const rank = rankOf(command, typed);
      return rank === null ? [] : [{ command, rank }];
    })
    .sort((a, b) => a.rank - b.rank || lately(a.command) - lately(b.command));
  const of = (isBest: boolean) =>
    ranked.filter(({ rank }) => rank < OCCURS === isBest).map(({ command }) => command);
  return { best: of(true), others: of(false) };
}

/** Everything there is: what was chosen lately comes first, and only there. */
export function offered(commands: readonly Command[], recent: readonly string[]): Command[] {
  const lately = recent.flatMap((id) => commands.find((command) => command.id === id) ?? []);
  return [
    ...lately.map((command) => ({ ...command, group: t("Recent") })),
    ...commands.filter((command) => !lately.includes(command)),
  ];
}
