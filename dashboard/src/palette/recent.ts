import { stored } from "../ui/stored";

const MAX_RECENT = 5;

/** The commands that were chosen last in this browser, the latest first. */
export const recentCommands = stored("livetrail.commands", (json): readonly string[] =>
  Array.isArray(json) ? json.filter((id) => typeof id === "string").slice(0, MAX_RECENT) : [],
);

export function remember(id: string): void {
  recentCommands.set([id, ...recentCommands.get().filter((other) => other !== id)].slice(0, MAX_RECENT));
}
