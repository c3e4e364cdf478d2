import { ChevronLeft, ChevronRight, ChevronsLeft } from "lucide-react";
import { PAGE_SIZES } from "../filters/view";
import { plural, t } from "../texts/texts";
import { Button } from "../ui/button";

const ENDLESS = "endless";

interface PaginationProps {
  page: number;
  /** Null, as the total is, while that is not known. */
  pages: number | null;
  limit: number;
  total: number | null;
  atHead: boolean;
  onFirst: () => void;
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
  /** Null: the list goes on at its end instead. */
  onLimit: (limit: number | null) => void;
  isEndless: boolean;
}

export function Pagination(props: PaginationProps) {
  const { limit, total, onLimit, isEndless } = props;
  const sizes = PAGE_SIZES.some((size) => size === limit) ? PAGE_SIZES : [...PAGE_SIZES, limit];
  return (
    <nav
      aria-label={t("Pages")}
      className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-4 py-3 text-xs text-muted"
    >
      <div className="flex items-center gap-4 max-sm:w-full max-sm:justify-between">
        <label className="flex items-center gap-2 whitespace-nowrap">
          <span className="hidden sm:inline">{t("Rows")}</span>
          <select
            aria-label={t("Rows per page")}
            value={isEndless ? ENDLESS : limit}
            onChange={({ target: { value } }) => onLimit(value === ENDLESS ? null : Number(value))}
            className="h-8 rounded-md border border-line-strong bg-surface px-1.5 text-xs text-ink"
          >
            {sizes.map((size) => (
              <option key={size} value={size}>
                {size}
              </option>
            ))}
            <option value={ENDLESS}>{t("Endless")}</option>
          </select>
        </label>
        {/* The last of its side, so that nothing moves when the total comes. */}
        {total !== null && (
          <span className="tabular whitespace-nowrap">
            {plural(total, "{count} activity", "{count} activities")}
          </span>
        )}
      </div>
      {!isEndless && <Turns {...props} />}
    </nav>
  );
}

function Turns({ page, pages, atHead, onFirst, onPrevious, onNext }: PaginationProps) {
  return (
    <div className="flex items-center gap-1.5 max-sm:w-full">
      <span className="tabular whitespace-nowrap max-sm:mr-auto sm:mr-2">
        {pages === null ? t("Page {page}", { page }) : t("Page {page} of {pages}", { page, pages })}
      </span>
      <Button
        aria-label={t("First page")}
        title={t("First page")}
        disabled={atHead}
        onClick={onFirst}
        size="square"
      >
        <ChevronsLeft aria-hidden className="size-4" />
      </Button>
      <Button
        aria-label={t("Previous page")}
        disabled={!onPrevious}
        onClick={() => onPrevious?.()}
        className="pl-1.5"
      >
        <ChevronLeft aria-hidden className="size-4" />
        <span className="hidden sm:inline">{t("Previous")}</span>
      </Button>
      <Button aria-label={t("Next page")} disabled={!onNext} onClick={() => onNext?.()} className="pr-1.5">
        <span className="hidden sm:inline">{t("Next")}</span>
        <ChevronRight aria-hidden className="size-4" />
      </Button>
    </div>
  );
}
