import { useQuery } from "@tanstack/react-query";
import { getTimeline } from "../api/calls";
import { WHILE_AWAY } from "../api/while-away";
import { LOCALE } from "../texts/language";
import { plural, t } from "../texts/texts";
import { nowSeconds } from "../ui/clock";
import { DAYS, type Day, daysOf, firstDay } from "./days";

const dayName = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeZone: "UTC" });
const nameOf = ({ start }: Day): string => dayName.format(start * 1_000);

/** How much happened on each of the last thirty days, and how much of it failed. */
export function DayStrip({ filter }: { filter: Record<string, string> }) {
  const days = useQuery({
    queryKey: ["days", filter],
    queryFn: async ({ signal }) => {
      const now = nowSeconds();
      const dates = { date_from: String(firstDay(now)), buckets: String(DAYS + 1) };
      return daysOf(await getTimeline(new URLSearchParams({ ...filter, ...dates }), signal), now);
    },
    ...WHILE_AWAY,
  });
  return (
    <figure className="flex flex-col gap-1 border-b border-line px-3 py-2.5">
      <figcaption className="text-2xs text-faint">{t("Last 30 days · days of UTC")}</figcaption>
      <div className="h-12">{days.data && <Bars days={days.data} />}</div>
      {days.error && !days.data && <p className="text-xs text-bad">{t("The days could not be counted.")}</p>}
    </figure>
  );
}

function Bars({ days }: { days: readonly Day[] }) {
  const most = Math.max(1, ...days.map(({ count }) => count));
  return (
    <ol aria-label={t("Activities of the last 30 days")} className="flex h-full items-end gap-0.5">
      {days.map((day) => (
        <li
          key={day.start}
          title={`${nameOf(day)}\n${textOf(day)}`}
          className="flex h-full min-w-0 flex-1 flex-col justify-end border-b border-line-strong"
        >
          <span className="sr-only">
            {nameOf(day)}: {textOf(day)}
          </span>
          <Part share={(day.count - day.failed) / most} className="rounded-t-xs bg-line-strong" />
          <Part share={day.failed / most} className="bg-bad-solid" />
        </li>
      ))}
    </ol>
  );
}

function textOf({ count, failed }: Day): string {
  const activities = plural(count, "{count} activity", "{count} activities");
  return failed === 0 ? activities : t("{activities}, {failed} failed", { activities, failed });
}

/** What is there at all is seen: two pixels at least. */
const Part = ({ share, className }: { share: number; className: string }) =>
  share > 0 && (
    <span aria-hidden className={`min-h-0.5 ${className}`} style={{ height: `${share * 100}%` }} />
  );
