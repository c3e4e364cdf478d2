import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

interface WarningProps {
  /** `status` where it waits for its turn to be read out, `alert` where it interrupts. */
  role: "alert" | "status";
  children: ReactNode;
  action?: ReactNode;
}

/** A notice in the width of the page, above the content that it is about. */
export function Warning({ role, children, action }: WarningProps) {
  return (
    <div
      role={role}
      className="flex flex-wrap items-start gap-x-4 gap-y-2 rounded-xl border border-warn/40 bg-warn-soft px-4 py-2.5 text-xs text-warn"
    >
      <TriangleAlert aria-hidden className="mt-1.5 size-4" />
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1 py-1.5">{children}</div>
      {action}
    </div>
  );
}
