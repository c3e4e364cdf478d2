import { Search, SlidersHorizontal, UserSearch } from "lucide-react";
import { useCallback, useState } from "react";
import { SEARCH_FIELD_ID } from "../activity/use-row-keys";
import { Button } from "../ui/button";
import { useWide } from "../ui/use-media";
import { ActionFilter } from "./action-filter";
import { DateFilter } from "./date-filter";
import { FilterChips } from "./filter-chips";
import { ResultFilter } from "./result-filter";
import { TextFilter } from "./text-filter";
import { type Filter, isFiltered } from "./view";

interface FilterBarProps {
  filter: Filter;
  onChange: (change: Partial<Filter>, typing?: boolean) => void;
  onClear: () => void;
}

export function FilterBar({ filter, onChange, onClear }: FilterBarProps) {
  const wide = useWide();
  const [unfolded, setUnfolded] = useState(false);
  const search = useCallback((q: string) => onChange({ q }, true), [onChange]);
  const searchUser = useCallback((user_search: string) => onChange({ user_search }, true), [onChange]);
  const filtered = isFiltered(filter);
  const folded = countFolded(filter);

  return (
    <search className="flex flex-wrap items-center gap-2">
      <TextFilter
        id={SEARCH_FIELD_ID}
        label="Search"
        placeholder="Search name, e-mail, action, IP, id…"
        icon={Search}
        value={filter.q}
        shortcut="/"
        onChange={search}
        className="min-w-0 flex-1 basis-40 md:max-w-52 @5xl:max-w-72 @6xl:max-w-80"
      />
      {!wide && (
        <Button aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          <SlidersHorizontal aria-hidden className="size-3.5" />
          Filters
          {folded > 0 && (
            <span className="tabular rounded bg-accent-soft px-1 text-2xs text-accent">{folded}</span>
          )}
        </Button>
      )}
      {(wide || unfolded) && (
        <div className="contents max-md:relative max-md:grid max-md:w-full max-md:grid-cols-2 max-md:gap-2">
          <TextFilter
            label="User"
            placeholder="User"
            icon={UserSearch}
            value={filter.user_search}
            onChange={searchUser}
            className="max-md:col-span-2 md:w-32 @5xl:w-44"
          />
          <ActionFilter filter={filter} onChange={onChange} />
          <DateFilter filter={filter} onChange={onChange} />
          <div className="max-md:col-span-2">
            <ResultFilter value={filter.success_filter} onChange={onChange} />
          </div>
        </div>
      )}
      <FilterChips filter={filter} onChange={onChange} />
      {filtered && (
        <Button look="quiet" onClick={onClear}>
          Clear all
        </Button>
      )}
    </search>
  );
}

/** How many filters are set that a narrow screen folds away. */
function countFolded(filter: Filter): number {
  const dates = filter.date_from !== null || filter.date_to !== null;
  const set = [filter.user_search, filter.action_filter.length, dates, filter.success_filter];
  return set.filter(Boolean).length;
}
