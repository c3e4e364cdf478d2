import type { ReactNode } from "react";

interface LogLayoutProps {
  /** The figures of the filter in a strip, and when it was. */
  figures: ReactNode;
  /** What is open and grave, in one line. */
  alerts?: ReactNode;
  /** What the rows can be narrowed to, in a column at their left; it needs a wide screen. */
  facets?: ReactNode;
  /** The list. */
  children: ReactNode;
}

/** Where the parts of the log stand. Hairlines part them, so that nothing is spent on boxes. */
export function LogLayout({ figures, alerts, facets, children }: LogLayoutProps) {
  return (
    <>
      {figures}
      {alerts}
      <div className="flex items-start">
        {facets && (
          <aside
            aria-label="Facets"
            className="sticky top-(--header-height) hidden max-h-[calc(100dvh-var(--header-height))] w-[11.5rem] shrink-0 overflow-y-auto overscroll-contain lg:block"
          >
            {facets}
          </aside>
        )}
        <div className="min-w-0 flex-1 border-line lg:not-first:border-l">{children}</div>
      </div>
    </>
  );
}
