import { EllipsisVertical } from "lucide-react";
import type { ReactNode } from "react";
import type { FieldKey } from "../filters/fields";
import { t } from "../texts/texts";
import { visibleText } from "../ui/visible-text";

interface ValueProps {
  /** The filter that takes it. */
  field: FieldKey;
  value: string;
  children: ReactNode;
}

/** A value on the page that one can filter by: a right click on it opens its menu (`value-menus.tsx`). */
export function Value({ field, value, children }: ValueProps) {
  return (
    <span data-value-field={field} data-value={value}>
      {children}
    </span>
  );
}

/** The button that opens the menu of a value, where there is room for one. */
export function ValueButton({
  field,
  value,
  className = "",
}: Omit<ValueProps, "children"> & { className?: string }) {
  const name = t("What to do with {value}", { value: visibleText(value) });
  return (
    <button
      type="button"
      data-value-button
      data-value-field={field}
      data-value={value}
      aria-haspopup="menu"
      aria-label={name}
      title={t("Only this, not this, copy …")}
      className={`inline-flex size-6 shrink-0 items-center justify-center rounded text-faint hover:bg-hover hover:text-ink ${className}`}
    >
      <EllipsisVertical aria-hidden className="size-3.5" />
    </button>
  );
}
