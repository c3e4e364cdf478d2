import { t } from "../texts/texts";

const WIDTHS = ["w-40", "w-56", "w-32", "w-48", "w-44"] as const;

/** Stands where the rows will be. */
export const TableSkeleton = ({ label }: { label: string }) => (
  <div
    role="status"
    aria-label={t("Loading: {what}", { what: label })}
    className="animate-await divide-y divide-line pt-9"
  >
    {WIDTHS.map((width) => (
      <div key={width} className="flex h-8 animate-pulse items-center gap-3 px-3">
        <span className={`h-3 rounded bg-line ${width}`} />
        <span className="ml-auto h-3 w-24 rounded bg-line" />
      </div>
    ))}
  </div>
);
