import { type CSSProperties, type KeyboardEvent, lazy, Suspense, useMemo } from "react";
import type { SortKey } from "../filters/view";
import type { Break } from "../live/feed";
import { t } from "../texts/texts";
import { useTimes } from "../times/times";
import { startOfDay } from "../times/zone";
import { useClock } from "../ui/clock";
import { drawnOf, useWindow } from "../ui/use-window";
import { ActivityRow } from "./activity-row";
import { columnsOf } from "./columns";
import { keyOf, linesByDay, linesOf, withBreaks } from "./lines";
import { type RowListProps, rowOf } from "./row-list";
import { chosenColumns, density, ROW_PX } from "./table-choices";
import { TableHead } from "./table-head";
import { useShares } from "./typical-durations";
import { useFolds } from "./use-folds";

// The stream of most visits has no break.
const BreakLine = lazy(() => import("../live/break-line"));

interface ActivityTableProps extends RowListProps {
  sortBy: SortKey;
  sortOrder: "asc" | "desc";
  onSort: (key: SortKey) => void;
}

export function ActivityTable(props: ActivityTableProps) {
  const { rows, fresh, breaks, openId, dimmed, onOpen, sortBy, sortOrder, onSort } = props;
  const byTime = sortBy === "timestamp";
  const times = useTimes();
  const chosen = chosenColumns.use();
  const linePx = ROW_PX[density.use()];
  const columns = useMemo(() => columnsOf(chosen, !byTime, times), [chosen, byTime, times]);
  const { entries, focusId, onFold, handlers } = useFolds(rows, openId);
  const today = useClock((now) => startOfDay(times.zone, now * 1_000));
  const lines = useMemo(
    () => withBreaks(byTime ? linesByDay(entries, today, times.zone) : linesOf(entries), breaks),
    [entries, breaks, byTime, today, times],
  );
  const shareOf = useShares(rows);
  const { range, body } = useWindow(lines.length, linePx);
  const pinned = lines.findIndex(({ entry }) => entry?.activity.id === focusId);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const id = rowOf(event.target as Element)?.dataset.activity;
    const run = entries.find(({ activity }) => activity.id === id)?.run;
    const isOpen = event.key === "ArrowRight";
    if (!run || run.isOpen === isOpen) return;
    event.preventDefault();
    onFold(run, isOpen);
  };

  return (
    <table
      aria-label={t("Activities")}
      aria-busy={dimmed}
      aria-rowcount={lines.length + 1}
      style={{ "--row": `${linePx}px` } as CSSProperties}
      className={`w-full table-fixed border-separate border-spacing-0 text-sm transition-opacity ${dimmed ? "opacity-50" : ""}`}
    >
      <TableHead columns={columns} sortBy={sortBy} sortOrder={sortOrder} onSort={onSort} />
      <tbody ref={body} onKeyDown={onKeyDown} {...handlers}>
        {drawnOf(lines.length, range, pinned).map(({ index, skipped }) => {
          const line = lines[index];
          if (!line) return null;
          if (skipped > 0) return <Room key={`room:${index}`} px={skipped * linePx} />;
          if ("gap" in line)
            return <GapLine key={keyOf(line)} gap={line.gap} line={index + 2} span={columns.length} />;
          if (!line.entry)
            return <DayLine key={keyOf(line)} day={line.day} line={index + 2} span={columns.length} />;
          const { activity } = line.entry;
          return (
            <ActivityRow
              key={keyOf(line)}
              entry={line.entry}
              columns={columns}
              line={index + 2}
              dated={!byTime}
              share={shareOf(activity)}
              fresh={fresh.has(activity.id)}
              open={activity.id === openId}
              onOpen={onOpen}
              onFold={onFold}
            />
          );
        })}
      </tbody>
    </table>
  );
}

/** In the place of lines that are out of sight. */
const Room = ({ px }: { px: number }) => (
  <tr aria-hidden style={{ height: px }}>
    <td />
  </tr>
);

function GapLine({ gap, line, span }: { gap: Break; line: number; span: number }) {
  return (
    <tr aria-rowindex={line}>
      <td colSpan={span} className="h-(--row) border-b border-line bg-warn-soft px-2 first:pl-3">
        <Suspense>
          <BreakLine gap={gap} />
        </Suspense>
      </td>
    </tr>
  );
}

function DayLine({ day, line, span }: { day: number; line: number; span: number }) {
  const times = useTimes();
  return (
    <tr aria-rowindex={line}>
      <th
        scope="rowgroup"
        colSpan={span}
        className="h-(--row) border-b border-line px-2 text-left text-2xs font-medium text-faint first:pl-3"
      >
        {times.day(day)}
      </th>
    </tr>
  );
}
