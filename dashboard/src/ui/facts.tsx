import type { ReactNode } from "react";

export interface Fact {
  label: string;
  value: ReactNode;
}

/** What is known of something, a row each. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="max-w-3xl overflow-hidden rounded-lg border border-line text-xs">
      {facts.map(({ label, value }) => (
        <div
          key={label}
          className="flex min-h-8 items-start gap-3 border-line px-3 py-1.5 not-first:border-t"
        >
          <dt className="w-28 shrink-0 text-faint">{label}</dt>
          <dd className="min-w-0 flex-1 break-words text-ink">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
