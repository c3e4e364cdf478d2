import type { ReactNode } from "react";

interface LogLayoutProps {
  /** The figures of the filter in a strip, and when it was. */
  figures: ReactNode;
  /** What is open and grave, in one line. */
  alerts?: ReactNode;
  /** The list. */
  children: ReactNode;
}

/** Where the parts of the log stand. Hairlines part them, so that nothing is spent on boxes. */
export function LogLayout({ figures, alerts, children }: LogLayoutProps) {
  return (
    <>
      {figures}
      {alerts}
      {children}
    </>
  );
}
