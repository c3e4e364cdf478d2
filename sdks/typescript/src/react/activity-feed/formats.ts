/** Times as the reader writes them, in the time zone of the browser. */
export interface Formats {
  /** Of a row: the time of today, or the day as well. */
  rowTime: (iso: string) => string;
  /** To the millisecond, with the time zone. */
  exactTime: (iso: string) => string;
}

const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;
const DAY = { day: "numeric", month: "short" } as const;

export function formatsOf(locale: string | undefined): Formats {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const today = format({ ...CLOCK, second: "2-digit" });
  const thisYear = format({ ...DAY, ...CLOCK });
  const before = format({ ...DAY, year: "numeric", ...CLOCK });
  const exact = format({
    ...DAY,
    weekday: "short",
    year: "numeric",
    ...CLOCK,
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZoneName: "short",
  });
  return {
    rowTime: (iso) => {
      const [moment, now] = [new Date(iso), new Date()];
      if (moment.toDateString() === now.toDateString()) return today.format(moment);
      return (moment.getFullYear() === now.getFullYear() ? thisYear : before).format(moment);
    },
    exactTime: (iso) => exact.format(new Date(iso)),
  };
}
