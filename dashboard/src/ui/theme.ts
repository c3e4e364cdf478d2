import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";
const STORED = "livetrail-theme";
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

const preferred = (): Theme => (prefersDark.matches ? "dark" : "light");

function chosen(): Theme | null {
  const stored = localStorage.getItem(STORED);
  return stored === "light" || stored === "dark" ? stored : null;
}

const current = (): Theme => chosen() ?? preferred();

/** Puts the stored choice on the document; without one, the style sheet follows the system by itself. */
export function applyTheme(): void {
  const theme = chosen();
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

function toggle(): void {
  const next: Theme = current() === "dark" ? "light" : "dark";
  // Back to what the system prefers is no choice: the page then follows the system again.
  if (next === preferred()) localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, next);
  applyTheme();
  for (const notify of listeners) notify();
}

function subscribe(notify: () => void): () => void {
  listeners.add(notify);
  prefersDark.addEventListener("change", notify);
  return () => {
    listeners.delete(notify);
    prefersDark.removeEventListener("change", notify);
  };
}

export function useTheme(): [Theme, () => void] {
  return [useSyncExternalStore(subscribe, current), toggle];
}
