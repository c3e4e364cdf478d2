import { Activity as Fallback, type LucideIcon } from "lucide-react";
import { useSyncExternalStore } from "react";

/** The icon set is loaded beside the first page of data, not before it: no row needs it earlier. */
let icons: Readonly<Record<string, LucideIcon>> = {};
const waiting = new Set<() => void>();

export async function loadIcons(): Promise<void> {
  const { ICONS } = await import("./icons");
  icons = ICONS;
  for (const notify of waiting) notify();
}

const subscribe = (notify: () => void) => {
  waiting.add(notify);
  return () => void waiting.delete(notify);
};

export function ActivityIcon({ name, className = "" }: { name: string; className?: string }) {
  const Icon = useSyncExternalStore(subscribe, () => icons[name] ?? Fallback);
  return <Icon aria-hidden className={className} />;
}
