import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import mark from "../ui/mark.svg";

interface StatePageProps {
  icon: LucideIcon;
  title: string;
  tone?: "neutral" | "bad";
  children: ReactNode;
}

/** A whole page for one message: signed out, forbidden, not reachable. */
export function StatePage({ icon: Icon, title, tone = "neutral", children }: StatePageProps) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-10">
      <div className="mb-6 flex items-center gap-2 text-sm font-semibold">
        <img src={mark} alt="" className="size-6" />
        Livetrail
      </div>
      <div className="w-full max-w-md rounded-xl border border-line bg-surface p-6 sm:p-8">
        <div className="flex flex-col items-center gap-4 text-center text-sm text-muted">
          <span
            className={`flex size-10 items-center justify-center rounded-full ${tone === "bad" ? "bg-bad-soft text-bad" : "bg-accent-soft text-accent"}`}
          >
            <Icon aria-hidden className="size-5" />
          </span>
          <h1 className="text-base font-semibold text-ink">{title}</h1>
          {children}
        </div>
      </div>
    </main>
  );
}
