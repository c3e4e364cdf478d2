const WIDTHS = ["w-56", "w-72", "w-48", "w-64", "w-60"] as const;

export function SkeletonRows({ count, what = "activities" }: { count: number; what?: string }) {
  return (
    <div role="status" aria-label={`Loading ${what}`} className="divide-y divide-line">
      {Array.from({ length: count }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={row} className="flex h-7 animate-pulse items-center gap-3 px-3">
          <span className="size-3.5 shrink-0 rounded bg-line" />
          <span className={`h-3 max-w-[50%] rounded bg-line ${WIDTHS[row % WIDTHS.length]}`} />
          <span className="ml-auto hidden h-3 w-32 rounded bg-line lg:block" />
          <span className="hidden h-3 w-24 rounded bg-line md:block" />
          <span className="h-3 w-14 rounded bg-line" />
        </div>
      ))}
    </div>
  );
}
