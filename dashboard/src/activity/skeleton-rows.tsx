import { type Text, t } from "../texts/texts";

const WIDTHS = ["w-56", "w-72", "w-48", "w-64", "w-60"] as const;

const LABELS = {
  activities: "Loading activities",
  alerts: "Loading alerts",
  rules: "Loading rules",
} as const satisfies Record<string, Text>;

interface SkeletonRowsProps {
  count: number;
  what?: keyof typeof LABELS;
}

export function SkeletonRows({ count, what = "activities" }: SkeletonRowsProps) {
  return (
    <div role="status" aria-label={t(LABELS[what])} className="divide-y divide-line">
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
