/** Whether the page listens to single keys. A user whose speech or hands press them by accident switches them off. */
const STORED = "livetrail-keys";

export const areKeysOn = (): boolean => localStorage.getItem(STORED) !== "off";

export function switchKeys(on: boolean): void {
  if (on) localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, "off");
}

/** Whether a key belongs to a field that has the focus. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select");
