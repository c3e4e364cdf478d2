import { t } from "../texts/texts";
import { Button } from "../ui/button";
import { nowSeconds } from "../ui/clock";
import { DateField } from "./date-field";
import { matchingRange, QUICK_RANGES, rangeUntilNow, readEnd } from "./ranges";
import type { Filter } from "./view";

interface TimePanelProps {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
  onClose: () => void;
}

/** The time that the list is about: a range up to now, or two dates. */
export default function TimePanel({ filter, onChange, onClose }: TimePanelProps) {
  const { date_from, date_to } = filter;
  const quick = matchingRange(filter, nowSeconds());
  const choose = (dates: Partial<Filter>) => {
    onChange(dates);
    onClose();
  };
  return (
    <div role="dialog" aria-label={t("Time")} className="flex flex-wrap items-center gap-x-4 gap-y-3 p-3">
      <div className="flex flex-wrap gap-1">
        {QUICK_RANGES.map((range, index) => (
          <Button
            key={range.key}
            autoFocus={index === 0}
            size="small"
            aria-pressed={quick === range}
            onClick={() => choose(rangeUntilNow(range, nowSeconds()))}
            className="aria-pressed:border-accent"
          >
            {t(range.label)}
          </Button>
        ))}
      </div>
      <DateField label={t("From")} value={date_from} onChange={(value) => onChange({ date_from: value })} />
      <DateField
        label={t("To")}
        value={date_to === null ? null : readEnd(date_to)}
        onChange={(value) => onChange({ date_to: value })}
      />
      {(date_from !== null || date_to !== null) && (
        <Button look="quiet" size="small" onClick={() => choose({ date_from: null, date_to: null })}>
          {t("Any time")}
        </Button>
      )}
    </div>
  );
}
