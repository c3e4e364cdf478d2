import type { ReactNode } from "react";

/** A part of a detail, with its title and what can be done with it. */
export function Block({ title, tools, children }: { title: string; tools?: ReactNode; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <div className="flex min-h-6 items-center justify-between gap-2">
        <h3 className="text-xs font-medium text-faint">{title}</h3>
        {tools}
      </div>
      {children}
    </section>
  );
}
