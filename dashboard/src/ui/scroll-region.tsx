import type { ReactNode } from "react";

/** A named region that scrolls; keyboard users must be able to reach it, so it takes the focus. */
export function ScrollRegion({
  label,
  className,
  children,
}: {
  label: string;
  className: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop its hidden part is out of reach
      tabIndex={0}
      className={className}
    >
      {children}
    </section>
  );
}
