import type { ReactNode } from "react";

interface LogLayoutProps {
  /** The figures of the filter in a strip, and when it was. */
  figures: ReactNode;
  /** Shows the facets, where they have no place of their own. */
  facets: ReactNode;
  /** What is open and grave. */
  alerts: ReactNode;
  /** The list. */
  children: ReactNode;
}

/**
 * Where the parts of the log stand. Hairlines part them, so that nothing is spent on boxes. The line over the list is
 * there before its content, and whatever that is: an alert that comes later moves no row.
 */
export function LogLayout({ figures, facets, alerts, children }: LogLayoutProps) {
  return (
    <>
      {figures}
      <div className="flex min-h-8 border-b border-line">
        {facets}
        <div className="flex min-w-0 flex-1">{alerts}</div>
      </div>
      {children}
    </>
  );
}
