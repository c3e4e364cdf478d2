import { Bot, type LucideIcon, Monitor, Smartphone, Tablet, Terminal } from "lucide-react";
import type { Activity, Device } from "../api/types";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { Unknown } from "./unknown";

const ICONS: Record<Device["class"], LucideIcon> = {
  desktop: Monitor,
  mobile: Smartphone,
  tablet: Tablet,
  bot: Bot,
  script: Terminal,
};

export const deviceText = (device: Device | null): string | null =>
  device && ([device.browser, device.os].filter(Boolean).join(" · ") || device.class);

/** Where it came from: the address, and what is known of the device. */
export function OriginLabel({ activity: { ip_address, device } }: { activity: Activity }) {
  const text = deviceText(device);
  if (!ip_address && !text) return <Unknown />;
  const Icon = ICONS[device?.class ?? "desktop"];
  return (
    <span className="flex min-w-0 flex-col">
      {ip_address && (
        <span className="truncate font-mono text-xs text-muted" title={visibleText(ip_address)}>
          <SenderText text={ip_address} />
        </span>
      )}
      {text && (
        <span className="flex min-w-0 items-center gap-1.5 text-2xs text-faint" title={visibleText(text)}>
          <Icon aria-label={device?.class} className="size-3 shrink-0" />
          <span className="truncate">
            <SenderText text={text} />
          </span>
        </span>
      )}
    </span>
  );
}
