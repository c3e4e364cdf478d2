import { type Text, t } from "./texts";

/** Choices of a constant, with their labels in the language of the page. */
export const translated = <Choice extends { label: Text }>(choices: readonly Choice[]) =>
  choices.map((choice) => ({ ...choice, label: t(choice.label) }));
