import { Activity, type LucideIcon, Siren } from "lucide-react";
import { Link } from "wouter";
import { useOpenAlerts } from "../alerts/use-open-alerts";
import { ALERTS_PATH, LOG_PATH } from "../paths";
import { formatNumber } from "../ui/format";

export type Page = "log" | "alerts";

const PAGES: readonly { page: Page; text: string; href: string; icon: LucideIcon }[] = [
  { page: "log", text: "Activity", href: LOG_PATH, icon: Activity },
  { page: "alerts", text: "Alerts", href: ALERTS_PATH, icon: Siren },
];

/** The pages. A phone has room for the other ones only, as icons. */
export function Navigation({ page: current }: { page: Page }) {
  return (
    <nav aria-label="Main" className="flex shrink-0 items-center sm:ml-3 sm:gap-1">
      {PAGES.map(({ page, text, href, icon: Icon }) => (
        <Link
          key={page}
          href={href}
          aria-current={page === current ? "page" : undefined}
          title={text}
          className="flex h-8 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-muted transition-colors hover:bg-hover hover:text-ink aria-[current=page]:text-ink max-sm:aria-[current=page]:hidden"
        >
          <Icon aria-hidden className="size-4.5 sm:hidden" />
          <span className="max-sm:sr-only">{text}</span>
          {page === "alerts" && <OpenAlerts />}
        </Link>
      ))}
    </nav>
  );
}

const MAX_SHOWN = 99;

/** "3", beside the name of the page of alerts. */
function OpenAlerts() {
  const open = useOpenAlerts();
  if (!open) return null;
  return (
    <span
      title={`${formatNumber(open)} open`}
      className="tabular inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-bad-solid px-1 text-2xs font-semibold text-white"
    >
      {open > MAX_SHOWN ? `${MAX_SHOWN}+` : open}
      <span className="sr-only"> open</span>
    </span>
  );
}
